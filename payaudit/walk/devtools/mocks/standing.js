// A mark that goes with the walls: set with "set", asked for with "ask".
function (mark) {
  var shared = typeof globalThis === 'object' ? globalThis : getApp();
  if (mark === 'set') shared.payauditStands = true;
  return shared.payauditStands === true;
}
