// Which of these methods the host has.
function (names) {
  return names.filter(function (name) { return typeof wx[name] === 'function'; });
}
