// The double's part in the page: requests of the protocol that are about elements, pages and the wx object.
window.__double = (() => {
  const ids = new Map(), elements = new Map(), originals = {};
  const idOf = (element) => {
    if (!ids.has(element)) { ids.set(element, `e${ids.size + 1}`); elements.set(ids.get(element), element); }
    return ids.get(element);
  };
  const element = (id) => {
    const found = elements.get(id);
    if (!found?.isConnected) throw new Error('no such element');
    return found;
  };
  const nodeOf = (el) => el.__wxElement;
  const isHosts = (el) => String(nodeOf(el)?.is ?? '').startsWith('host/');
  const isCustom = (el) => { const n = nodeOf(el); return !!n && typeof n.is === 'string' && n.is !== '' && !isHosts(el) && !!n.getShadowRoot?.(); };
  const ownerOf = (el) => nodeOf(el)?.ownerShadowRoot?.getHostNode() ?? null;
  const top = () => routerTop();
  const pageElement = () => top().element.firstElementChild;
  // Elements of the package's own markup: not what our components draw themselves with.
  const markup = (el) => !!nodeOf(el) && !String(ownerOf(el)?.is ?? '').startsWith('host/');
  const tag = (el) => (el === pageElement() ? 'page' : el.localName.replace(/^wx-/, ''));
  const told = (el) => ({ elementId: idOf(el), tagName: tag(el), ...(isCustom(el) ? { nodeId: idOf(el) } : {}) });
  const css = (selector) => selector.replace(/(^|[\s>+~,])([a-z][a-z-]*)/g, (m, before, name) => `${before}${BUILT_IN.has(name) ? `wx-${name}` : name}`)
    .replace(/\.([\w-]+)/g, (m, name) => `:is([class~="${name}"],[class*="--${name} "],[class$="--${name}"])`);
  /** Below `root`, of the shadow tree of `host`. */
  const query = (root, host, selector) => {
    if (selector === 'page') return [pageElement()];
    return Array.from(root.querySelectorAll(css(selector))).filter((el) => markup(el) && ownerOf(el) === host);
  };
  const within = (el) => (isCustom(el) ? nodeOf(el) : ownerOf(el));
  const plainClass = (el) => (el.getAttribute('class') ?? '').split(/\s+/).map((c) => c.replace(/^.*--/, '')).join(' ').trim();
  const escaped = (text) => text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }[c]));
  const inner = (node) => Array.from(node.childNodes, (child) => {
    if (child.nodeType === Node.TEXT_NODE) return escaped(child.data);
    if (child.nodeType !== Node.ELEMENT_NODE) return '';
    return markup(child) ? outer(child) : inner(child);
  }).join('');
  const SHOWN = ['id', 'style', 'role', 'aria-checked', 'aria-label', 'src', 'placeholder', 'hidden'];
  const outer = (el) => {
    const attributes = SHOWN.filter((n) => el.hasAttribute(n)).map((n) => ` ${n}="${escaped(el.getAttribute(n))}"`).join('');
    const name = tag(el), classes = plainClass(el);
    return `<${name}${classes ? ` class="${escaped(classes)}"` : ''}${attributes}>${inner(el)}</${name}>`;
  };
  const api = () => Object.getPrototypeOf(window.wx);
  // A function from outside runs as code of the package does: with its wx, and with what was bound.
  const bindings = {};
  const made = (source) => new Function('wx', 'getApp', 'getCurrentPages', ...Object.keys(bindings), `return (${source});`)(
    MP.wx, MP.getApp, MP.getCurrentPages, ...Object.values(bindings));
  const json = (value) => (value === undefined ? null : JSON.parse(JSON.stringify(value)));
  const path = (value, keys) => (keys ? keys.split(/[.[\]]+/).filter(Boolean).reduce((v, k) => v?.[k], value) : value);
  const scroller = (el) => [el, ...el.querySelectorAll('*')].find((e) => /auto|scroll/.test(getComputedStyle(e).overflowY)) ?? el;
  const pages = () => byId('mp-pages');
  const WINDOW = { 'document.body.scrollTop': () => 0, 'document.documentElement.scrollTop': () => pages().scrollTop,
    'document.documentElement.scrollHeight': () => pages().scrollHeight, 'document.documentElement.scrollWidth': () => pages().scrollWidth };
  const pageOf = (page) => ({ pageId: page.number, path: page.path, query: page.query });
  const one = (list) => { if (!list.length) throw new Error('no such element'); return told(list[0]); };
  const dataOf = (node) => json(node.data);

  const answers = {
    'App.getPageStack': () => ({ pageStack: stack.map(pageOf) }),
    'App.getCurrentPage': () => pageOf(top()),
    'App.callWxMethod': async (p) => ({ result: json(await MP.wx[p.method](...(p.args ?? []))) }),
    'App.callFunction': async (p) => ({ result: json(await made(p.functionDeclaration)(...(p.args ?? []))) }),
    'App.addBinding': (p) => {
      bindings[p.name] = (...args) => { window.__payauditDoubleBound(p.name, args.map(json)); };
      window[p.name] = bindings[p.name];
      return {};
    },
    'App.mockWxMethod': (p) => {
      if (!(p.method in originals)) originals[p.method] = API[p.method];
      const origin = originals[p.method];
      if (p.functionDeclaration) {
        const mock = made(p.functionDeclaration);
        API[p.method] = (...args) => mock.apply({ origin }, [...args, ...(p.args ?? [])]);
      } else if ('result' in p) {
        API[p.method] = /Sync$/.test(p.method) ? () => p.result : method(p.method, async () => p.result);
      } else API[p.method] = origin;
      return {};
    },
    'Page.getElement': (p) => one(query(pageElement(), nodeOf(pageElement()), p.selector)),
    'Page.getElements': (p) => ({ elements: query(pageElement(), nodeOf(pageElement()), p.selector).map(told) }),
    'Page.getData': (p) => ({ data: json(path(dataOf(top().instance), p.path)) }),
    'Page.setData': (p) => { top().instance.setData(p.data); return {}; },
    'Page.callMethod': async (p) => ({ result: json(await top().instance[p.method](...(p.args ?? []))) }),
    'Page.getWindowProperties': (p) => ({ properties: p.names.map((n) => WINDOW[n]?.() ?? null) }),
    'Element.getElement': (p) => one(query(element(p.elementId), within(element(p.elementId)), p.selector)),
    'Element.getElements': (p) => ({ elements: query(element(p.elementId), within(element(p.elementId)), p.selector).map(told) }),
    'Element.getDOMProperties': (p) => ({ properties: p.names.map((n) => json(element(p.elementId)[n])) }),
    'Element.getAttributes': (p) => ({ attributes: p.names.map((n) => (n === 'class' ? plainClass(element(p.elementId)) : element(p.elementId).getAttribute(n))) }),
    'Element.getProperties': (p) => {
      const data = nodeOf(element(p.elementId))?.data ?? {};
      return { properties: p.names.map((n) => (n === '__propPublic' ? Object.fromEntries(Object.keys(data).map((k) => [k, true])) : json(data[n]))) };
    },
    'Element.getStyles': (p) => { const style = getComputedStyle(element(p.elementId)); return { styles: p.names.map((n) => style.getPropertyValue(n)) }; },
    'Element.getOffset': (p) => {
      const box = element(p.elementId).getBoundingClientRect(), whole = pages().getBoundingClientRect();
      return { left: box.left - whole.left, top: box.top - whole.top + pages().scrollTop };
    },
    'Element.getWXML': (p) => ({ wxml: p.type === 'outer' ? outer(element(p.elementId)) : inner(element(p.elementId)) }),
    'Element.triggerEvent': (p) => { nodeOf(element(p.elementId)).triggerEvent(p.type, p.detail, { bubbles: true, composed: true }); return {}; },
    'Element.getData': (p) => ({ data: json(path(dataOf(nodeOf(element(p.elementId))), p.path)) }),
    'Element.callMethod': (p) => ({ result: json(nodeOf(element(p.elementId)).getMethodCaller()[p.method](...(p.args ?? []))) }),
    'Element.callFunction': (p) => {
      const el = element(p.elementId);
      const names = {
        'scroll-view.scrollTop': () => scroller(el).scrollTop,
        'scroll-view.scrollHeight': () => scroller(el).scrollHeight,
        'scroll-view.scrollTo': (x, y) => { scroller(el).scrollTo(x, y); },
        'switch.tap': () => { el.click(); },
      };
      if (!names[p.functionName]) throw new Error(`${p.functionName} is not done by the double`);
      return { result: json(names[p.functionName](...(p.args ?? []))) };
    },
  };
  /** A point where a finger meets the element and nothing of the markup that lies in it; else its middle. */
  const point = async (id) => {
    const el = element(id);
    el.scrollIntoViewIfNeeded();
    await new Promise((done) => requestAnimationFrame(done));
    const box = el.getBoundingClientRect();
    const met = (x, y) => { let at = document.elementFromPoint(x, y); while (at && !markup(at)) at = at.parentElement; return at === el; };
    const parts = [0.5, 0.3, 0.7, 0.1, 0.9, 0.03, 0.97];
    for (const v of parts) for (const h of parts) {
      const [x, y] = [box.left + box.width * h, box.top + box.height * v];
      if (met(x, y)) return [x, y];
    }
    return [box.left + box.width / 2, box.top + box.height / 2];
  };
  return {
    element,
    point,
    inner: (id) => element(id).querySelector('input,textarea'),
    answer: async (name, params) => {
      if (!answers[name]) throw new Error(`${name} is not done by the double`);
      return answers[name](params);
    },
  };
})();
