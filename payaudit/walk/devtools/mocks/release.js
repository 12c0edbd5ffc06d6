// Answers what is held under a name.
function (id, answer) {
  var shared = typeof globalThis === 'object' ? globalThis : getApp();
  var held = shared.payauditHeld || {};
  if (held[id]) held[id](answer);
  return true;
}
