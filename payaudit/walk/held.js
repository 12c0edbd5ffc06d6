// Runs in a world of its own in every frame: holds what the investigator presses until the screen has been
// captured, and tells what was pressed. Events that are not held pass untouched; the page sees nothing of this.
(() => {
  'use strict';
  const tell = globalThis.__NAME__;
  if (typeof tell !== 'function' || globalThis.payauditHeld) return;
  const MOVED_PX = 12, IDLE_MS = 900, SCROLL_MS = 400, KEPT = 50;
  const here = { passing: '', targets: new Map(), last: 0 };
  globalThis.payauditHeld = here;
  const say = (what) => { try { tell(JSON.stringify({ top: window === window.top, ...what })); } catch { /* the page is going away */ } };
  const swallow = (event) => { event.preventDefault(); event.stopImmediatePropagation(); };
  const keep = (element) => {
    here.targets.set(++here.last, element);
    here.targets.delete(here.last - KEPT);
    return here.last;
  };
  /** Where a press lies: in this frame's view, and within its element, which finds it in a frame of another process. */
  const place = (element, x, y) => {
    const box = element instanceof Element ? element.getBoundingClientRect() : { left: 0, top: 0 };
    return { id: keep(element), x, y, dx: x - box.left, dy: y - box.top };
  };
  const aim = (event) => event.composedPath()[0];
  const deep = () => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return at;
  };
  const WORDS = new Set(['text', 'search', 'tel', 'url', 'email', 'password', 'number', 'date', 'month', 'time', 'week', 'datetime-local']);
  const takesText = (element) => element instanceof HTMLTextAreaElement || element?.isContentEditable
    || (element instanceof HTMLInputElement && WORDS.has(element.type));

  // The element under the point when it was pressed is the one still there: else the press would meet another.
  here.still = (id, x, y) => {
    const element = here.targets.get(id);
    if (!element?.isConnected) return false;
    let at = document.elementFromPoint(x, y);
    while (at?.shadowRoot?.elementFromPoint(x, y) && at.shadowRoot.elementFromPoint(x, y) !== at) at = at.shadowRoot.elementFromPoint(x, y);
    return at === element || !!at?.contains(element) || element.contains?.(at);
  };

  let start = null;
  const down = (event) => {
    if (!event.isTrusted || here.passing) return;
    swallow(event);
    flush();
    start = event.button === 0 && event.isPrimary ? { x: event.clientX, y: event.clientY, at: aim(event) } : null;
  };
  const up = (event) => {
    if (!event.isTrusted || here.passing) return;
    swallow(event);
    const from = start;
    start = null;
    if (!from) return;
    const far = Math.hypot(event.clientX - from.x, event.clientY - from.y) > MOVED_PX;
    if (far) say({ kind: 'swipe', x2: event.clientX, y2: event.clientY, ...place(from.at, from.x, from.y) });
    else say({ kind: 'press', ...place(from.at, from.x, from.y) });
  };
  addEventListener('pointerdown', down, true);
  addEventListener('pointerup', up, true);
  addEventListener('pointercancel', () => { start = null; }, true);
  for (const name of ['mousedown', 'mouseup', 'click', 'dblclick', 'auxclick', 'contextmenu', 'touchstart', 'touchmove', 'touchend', 'dragstart']) {
    addEventListener(name, (event) => {
      if (!event.isTrusted) return;
      if (!here.passing) swallow(event);
      else if (name === 'click' && event.detail) {
        // The act is over once the page has had its click; whatever comes next is somebody's again.
        say({ kind: 'passed' });
        if (here.passing === 'click') setTimeout(() => { here.passing = ''; }, 0);
      }
    }, { capture: true, passive: false });
  }

  // Typing goes straight to the page (an input method cannot be held); it is told when it pauses.
  const secret = new WeakSet();
  let typing = null, pause = 0;
  const flush = () => {
    clearTimeout(pause);
    const element = typing;
    typing = null;
    if (!element) return;
    const box = element.getBoundingClientRect();
    const value = element instanceof HTMLSelectElement ? element.selectedOptions[0]?.text : element.isContentEditable ? element.innerText : element.value;
    say({ kind: 'typed', value: `${value ?? ''}`.slice(0, 4096), secret: secret.has(element), type: element.type ?? '',
      auto: element.getAttribute('autocomplete') ?? '', ...place(element, box.left + box.width / 2, box.top + box.height / 2) });
  };
  addEventListener('input', (event) => {
    const element = aim(event);
    if (!event.isTrusted || !(takesText(element) || element instanceof HTMLSelectElement)) return;
    if (typing && typing !== element) flush();
    if (element.type === 'password') secret.add(element);
    typing = element;
    clearTimeout(pause);
    pause = setTimeout(flush, IDLE_MS);
  }, true);
  addEventListener('blur', flush, true);

  const released = new Set();
  addEventListener('keydown', (event) => {
    if (!event.isTrusted || here.passing || event.isComposing || event.keyCode === 229 || event.ctrlKey || event.altKey || event.metaKey) return;
    const at = deep();
    const page = { PageDown: 0.9, PageUp: -0.9, ArrowDown: 0.1, ArrowUp: -0.1, ' ': 0.9 }[event.key];
    if (takesText(at)) {
      if (event.key !== 'Enter' || !(at instanceof HTMLInputElement)) return;
      flush();
    } else if (event.key !== 'Enter' && event.key !== ' ') {
      if (page) scrolled([], innerWidth / 2, innerHeight / 2, page * innerHeight);
      return;
    } else if (!at || at === document.body || at === document.documentElement || at instanceof HTMLSelectElement) {
      if (page && at === document.body) scrolled([], innerWidth / 2, innerHeight / 2, page * innerHeight);
      return;
    }
    swallow(event);
    released.add(event.key);
    if (event.repeat) return;
    const box = at.getBoundingClientRect();
    say({ kind: takesText(at) ? 'enter' : 'press', ...place(at, box.left + box.width / 2, box.top + box.height / 2) });
  }, true);
  addEventListener('keyup', (event) => { if (event.isTrusted && !here.passing && released.delete(event.key)) swallow(event); }, true);

  // What the page makes of a wheel or a key is what counts: how far something scrolled, else what was asked for.
  let moving = null, rest = 0;
  const scrolled = (path, x, y, by) => {
    moving ??= { x, y, by: 0, from: [...path.filter((at) => at instanceof Element), document.scrollingElement].filter(Boolean).map((at) => [at, at.scrollTop]) };
    moving.by += by;
    clearTimeout(rest);
    rest = setTimeout(() => {
      const far = moving.from.map(([at, top]) => at.scrollTop - top).find((moved) => moved);
      const told = { kind: 'scroll', x: moving.x, y: moving.y, by: far ?? moving.by };
      moving = null;
      if (Math.abs(told.by) >= 1) say(told);
    }, SCROLL_MS);
  };
  addEventListener('wheel', (event) => {
    if (!event.isTrusted || here.passing) return;
    const px = event.deltaY * [1, 20, innerHeight][event.deltaMode] * devicePixelRatio;
    scrolled(event.composedPath(), event.clientX, event.clientY, px);
  }, { capture: true, passive: true });
  say({ kind: 'hello' });
})();
