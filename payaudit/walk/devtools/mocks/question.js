// In the place of wx.showModal and wx.showActionSheet, which DevTools draws outside of the page: kept until answered.
function (options) {
  var name = "@NAME";
  var given = options && typeof options === 'object' ? options : {};
  var shared = typeof globalThis === 'object' ? globalThis : getApp();
  var held = shared.payauditHeld = shared.payauditHeld || {};
  var id = 'question-' + (shared.payauditCount = (shared.payauditCount || 0) + 1);
  var plain = {};
  Object.keys(given).forEach(function (key) { if (typeof given[key] !== 'function') plain[key] = given[key]; });
  var pages = getCurrentPages(), keep = null, drop = null;
  var answered = new Promise(function (resolve, reject) { keep = resolve; drop = reject; });
  var heard = given.success || given.fail || given.complete;
  if (heard) answered.catch(function () {});
  held[id] = function (answer) {
    delete held[id];
    var list = name === 'showActionSheet', good = !list || answer >= 0;
    var result = !list ? { errMsg: name + ':ok', confirm: answer >= 0, cancel: answer < 0, content: null }
      : good ? { errMsg: name + ':ok', tapIndex: answer } : { errMsg: name + ':fail cancel' };
    var to = good ? given.success : given.fail;
    if (typeof to === 'function') to(result);
    if (typeof given.complete === 'function') given.complete(result);
    if (good) keep(result); else drop(result);
  };
  payauditTold('question', id, name, JSON.stringify(plain), pages.length ? pages[pages.length - 1].route : '');
  return heard ? undefined : answered;
}
