// Before wx.request: each is held until it has been looked at, then sent by the host itself, or failed.
function (options) {
  var given = options && typeof options === 'object' ? options : {};
  var origin = this && this.origin;
  var shared = typeof globalThis === 'object' ? globalThis : getApp();
  var held = shared.payauditHeld = shared.payauditHeld || {};
  var id = 'request-' + (shared.payauditCount = (shared.payauditCount || 0) + 1);
  var plain = { url: given.url, method: given.method, data: given.data, header: given.header };
  var pages = getCurrentPages(), text = '{}', task = null, ended = false, keep = null, drop = null;
  var answered = new Promise(function (resolve, reject) { keep = resolve; drop = reject; });
  var heard = given.success || given.fail || given.complete;
  if (heard) answered.catch(function () {});
  function end(good, result) {
    if (ended) return;
    ended = true;
    var to = good ? given.success : given.fail;
    if (typeof to === 'function') to(result);
    if (typeof given.complete === 'function') given.complete(result);
    if (good) keep(result); else drop(result);
  }
  held[id] = function (goes) {
    delete held[id];
    if (ended) return;
    if (!goes || typeof origin !== 'function') { end(false, { errMsg: 'request:fail' }); return; }
    task = origin(Object.assign({}, given, {
      success: function (result) {
        var said = '';
        try { said = JSON.stringify({ status: result.statusCode, data: result.data }); } catch (error) { said = '{}'; }
        payauditTold('answered', id, 'request', said, '');
        end(true, result);
      },
      fail: function (result) {
        payauditTold('answered', id, 'request', JSON.stringify({ failed: String(result && result.errMsg) }), '');
        end(false, result);
      },
      complete: undefined,
    }));
    if (task && typeof task.catch === 'function') task.catch(function () {});
  };
  try { text = JSON.stringify(plain); } catch (error) { held[id](false); }
  if (held[id]) payauditTold('held', id, 'request', text, pages.length ? pages[pages.length - 1].route : '');
  var own = {
    abort: function () { if (task && task.abort) task.abort(); end(false, { errMsg: 'request:fail abort' }); },
    onHeadersReceived: function () {}, offHeadersReceived: function () {},
    onChunkReceived: function () {}, offChunkReceived: function () {},
  };
  return heard ? own : Object.assign(answered, own);
}
