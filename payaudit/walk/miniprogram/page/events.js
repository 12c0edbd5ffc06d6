// The package's handlers get a plain copy of an event, as WeChat gives it: frameworks overwrite its members.
const viewOf = (node) => {
  if (!node) return null;
  const inner = node._$ || node;
  const element = inner.$$;
  return {
    id: inner.id || '',
    dataset: { ...inner.dataset },
    offsetLeft: element?.offsetLeft || 0,
    offsetTop: element?.offsetTop || 0,
  };
};
const touchesOf = (list) => Array.from(list ?? [], (t) => ({
  identifier: t.identifier, pageX: t.pageX, pageY: t.pageY, clientX: t.clientX, clientY: t.clientY,
}));
const FINGER = /^(tap|touch|long)/;
// The view layer hands its events on without the fingers that made them.
let fingers = {};
for (const type of ['touchstart', 'touchmove', 'touchend', 'touchcancel']) {
  window.addEventListener(type, (e) => { fingers = e; }, { capture: true, passive: true });
}

/** Called for every event that reaches a handler of the package; see templates.js. */
window.__mpEvent = (caller, event, handler) => {
  const original = event.originalEvent ?? (event.type === fingers.type ? fingers : {});
  const copy = {
    type: event.type,
    timeStamp: event.timeStamp,
    detail: event.detail,
    target: viewOf(event.target),
    currentTarget: viewOf(event.currentTarget),
    mark: { ...event.mark },
    _userTap: true,
  };
  if (FINGER.test(event.type)) {
    copy.touches = touchesOf(original.touches);
    copy.changedTouches = touchesOf(original.changedTouches);
    if (!copy.changedTouches.length && event.detail) {
      const { x, y } = event.detail;
      copy.changedTouches = [{ identifier: 0, pageX: x, pageY: y, clientX: x, clientY: y }];
    }
  }
  try { return handler.call(caller, copy); } catch (error) { failed(`handler of ${event.type}`, error); }
};
