// In the place of a method of the host that pays, signs or leaves: told with its arguments, never done.
function (options) {
  var name = "@NAME", answer = "@ANSWER";
  var given = options && typeof options === 'object' ? options : {};
  var plain = {};
  Object.keys(given).forEach(function (key) { if (typeof given[key] !== 'function') plain[key] = given[key]; });
  var pages = getCurrentPages(), text = '{}';
  try { text = JSON.stringify(plain); } catch (error) { text = '{"unreadable": true}'; }
  payauditTold('called', '', name, text, pages.length ? pages[pages.length - 1].route : '');
  var result = answer.ok ? Object.assign({ errMsg: name + ':ok' }, answer.ok)
    : Object.assign({ errMsg: name + ':fail ' + answer.fail }, answer.more);
  if (!given.success && !given.fail && !given.complete) return answer.ok ? Promise.resolve(result) : Promise.reject(result);
  setTimeout(function () {
    var heard = answer.ok ? given.success : given.fail;
    if (typeof heard === 'function') heard(result);
    if (typeof given.complete === 'function') given.complete(result);
  }, 0);
}
