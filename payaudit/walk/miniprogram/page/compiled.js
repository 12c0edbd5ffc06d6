// A compiled package (.wxapkg): its own $gwx functions give trees, glass-easel shows them; nothing is decompiled.
const kebabToCamel = (name) => name.replace(/-([a-z])/g, (_, c) => c.toUpperCase());
const LISTENER = /^(capture-bind|capture-catch|mut-bind|bind|catch)(:?)([A-Za-z].*)$/;

/** The nodes of a $gwx answer without its virtual ones. */
function flattened(nodes, out = []) {
  for (const node of nodes ?? []) {
    if (node === null || node === undefined || node === '') continue;
    if (typeof node !== 'object') out.push(String(node));
    else if (node.tag === 'virtual') flattened(node.children, out);
    else out.push({ tag: node.tag === 'wx-block' ? 'wx-virtual' : node.tag, attr: node.attr ?? {}, generics: node.generics ?? {}, children: flattened(node.children) });
  }
  return out;
}

class CompiledInstance {
  constructor(generator, component, shadowRoot) {
    Object.assign(this, { generator, component, shadowRoot });
    shadowRoot.destroyBackendElementOnRemoval();
  }
  run(data) {
    if (!this.generator) return [{ tag: 'wx-slot', attr: {}, generics: {}, children: [] }];
    return flattened(this.generator(data, undefined, {}).children);
  }
  initValues(data) {
    this.tree = this.run(data);
    const nodes = this.tree.map((n) => this.make(n));
    if (nodes.length) this.shadowRoot.insertChildren(nodes, -1);
    return this.shadowRoot;
  }
  updateValues(data) {
    const tree = this.run(data);
    this.patch(this.shadowRoot, this.tree, tree);
    this.tree = tree;
  }
  make(node) {
    const root = this.shadowRoot;
    const kept = (element) => { element.destroyBackendElementOnRemoval(); return element; };
    if (typeof node === 'string') return kept(root.createTextNode(node));
    if (node.tag === 'wx-slot') {
      const slot = kept(root.createVirtualNode('slot'));
      GE.Element.setSlotName(slot, String(node.attr.name ?? ''));
      if (node.attr.slot) slot.slot = node.attr.slot;
      return slot;
    }
    const name = node.tag.replace(/^wx-/, '');
    const fill = (element) => {
      for (const key in node.attr) this.set(element, key, node.attr[key]);
      this.settle(element);
    };
    const element = kept(name === 'virtual' ? root.createVirtualNode('virtual')
      : root.createComponent(name, name, { ...node.generics }, undefined, fill));
    // Its listeners were there before its element: what takes taps shows so all the same.
    if (Object.keys(node.attr).some((key) => LISTENER.exec(key)?.[3] === 'tap')) element.$$?.addEventListener('click', nothing);
    if (node.attr.slot && name !== 'virtual') element.slot = String(node.attr.slot);
    const children = node.children.map((c) => this.make(c));
    if (children.length) element.insertChildren(children, -1);
    return element;
  }
  settle(element) {
    if (GE.Component.isComponent(element) && element.hasPendingChanges()) GE.Component.getDataProxy(element).applyDataUpdates(true);
  }
  set(element, key, value) {
    const component = GE.Component.isComponent(element);
    const text = value === null || value === undefined ? '' : String(value);
    if (key === 'class') {
      if (component && element.hasExternalClass('class')) element.setExternalClass('class', value);
      element.setNodeClass(Array.isArray(value) ? value.filter(Boolean).join(' ') : text);
    } else if (key === 'style') {
      if (component && GE.Component.hasProperty(element, 'style')) GE.Component.getDataProxy(element).replaceProperty('style', value);
      else element.setNodeStyle(text, 0);
    } else if (key === 'id') element.id = text;
    else if (key === 'slot') element.slot = text;
    else if (key.startsWith('data-')) element.setDataset(kebabToCamel(key.slice(5)), value);
    else if (key.startsWith('mark:')) element.setMark(key.slice(5), value);
    else if (!this.listen(element, key, value)) {
      if (component && GE.Component.getDataProxy(element).replaceProperty(kebabToCamel(key), value)) return;
      if (component && element.hasExternalClass(key)) element.setExternalClass(key, value);
      else if (!component) element.updateAttribute?.(key, value);
    }
  }
  listen(element, key, value) {
    const found = LISTENER.exec(key);
    const property = GE.Component.isComponent(element) && GE.Component.hasProperty(element, kebabToCamel(key));
    if (!found || property || (typeof value !== 'string' && typeof value !== 'function')) return false;
    const [, how, , event] = found;
    const options = { final: /catch/.test(how), mutated: how === 'mut-bind', capture: how.startsWith('capture') };
    const slot = `__listener ${key}`;
    if (element[slot]) element.removeListener(event, element[slot], options);
    element[slot] = (e) => {
      const handler = typeof value === 'function' ? value : GE.Component.getMethod(this.component, value);
      return typeof handler === 'function' ? window.__mpEvent(this.component.getMethodCaller(), e, handler) : undefined;
    };
    if (value) element.addListener(event, element[slot], options);
    return true;
  }
  patch(parent, before, after) {
    const common = Math.min(before.length, after.length);
    for (let i = 0; i < common; i++) {
      const [old, now, element] = [before[i], after[i], parent.childNodes[i]];
      if (typeof old === 'string' && typeof now === 'string') { if (old !== now) element.textContent = now; continue; }
      if (typeof old === 'string' || typeof now === 'string' || old.tag !== now.tag || (old.tag === 'wx-slot' && old.attr.name !== now.attr.name)) {
        parent.replaceChild(this.make(now), element);
        continue;
      }
      if (old.tag === 'wx-slot') continue;
      for (const key in now.attr) if (old.attr[key] !== now.attr[key] || typeof now.attr[key] === 'object') this.set(element, key, now.attr[key]);
      for (const key in old.attr) if (!(key in now.attr)) this.set(element, key, undefined);
      this.settle(element);
      this.patch(element, old.children, now.children);
    }
    if (before.length > common) parent.removeChildren(common, before.length - common);
    if (after.length > common) parent.insertChildren(after.slice(common).map((n) => this.make(n)), -1);
  }
}
class CompiledTemplate {
  constructor(generator) { this.generator = generator; }
  createInstance(component, makeRoot) { return new CompiledInstance(this.generator, component, makeRoot(component)); }
  updateTemplate() {}
}
const compiledEngine = {
  create(behavior, options) {
    const template = behavior._$template;
    if (template && 'generator' in template) return new CompiledTemplate(template.generator);
    return GE.template.getDefaultTemplateEngine().create(behavior, options);
  },
};

const definedModules = Object.create(null);
const ranModules = Object.create(null);
function requireCompiled(given) {
  const base = normalised(given);
  const path = [base, `${base}.js`, `${base}/index.js`].find((p) => definedModules[p]);
  if (!path) { gap('module', given, 'not in the package'); throw new Error(`module '${given}' is not defined`); }
  if (ranModules[path]) return ranModules[path].exports;
  const module = ranModules[path] = { exports: {}, id: path };
  const require = (name) => {
    const bases = name[0] === '.' || name[0] === '/' ? [resolvedFrom(path, name)] : [resolvedFrom(path, `./${name}`), `miniprogram_npm/${name}`, name];
    return requireCompiled(bases.find((b) => definedModules[b] || definedModules[`${b}.js`] || definedModules[`${b}/index.js`]) ?? name);
  };
  definedModules[path].call(undefined, require, module, module.exports);
  return module.exports;
}

const compiledSheets = Object.create(null);
/** Run what stands before the pages of a package: its $gwx and its styles. */
function loadCompiled(packed) {
  window.__styleSheetManager2__ = { addItem() {}, setCss(key, css) { compiledSheets[key] = css; } };
  window.__wxAppCode__ = {};
  window.__vd_version_info__ ??= { delayedGwx: false };
  window.__WXML_GLOBAL__ ??= { entrys: {}, defines: {}, modules: {}, ops: [], wxs_nf_init: undefined, total_ops: 0 };
  window.__wxConfig = packed.config;
  for (const script of packed.frame) try { (0, eval)(script); } catch (error) { failed('page frame', error); }
  MP.compiledScripts = new Set([...packed.service.matchAll(/\bdefine\(\s*["']([^"']+\.js)["']/g)].map((m) => normalised(m[1])));
}
function runService(packed) {
  const kept = { ...window.__wxAppCode__ };
  const gwx = window.$gwx;
  const names = ['define', 'require', ...GIVEN, ...HIDDEN.filter((n) => n !== 'window')];
  const run = new Function(...names, `${packed.service}\n//# sourceURL=${MP.origin}app-service.js`);
  run((path, fn) => { definedModules[normalised(path)] = fn; }, requireCompiled, ...given());
  if (gwx) window.$gwx = gwx;
  for (const key in kept) window.__wxAppCode__[key] ??= kept[key];
}
MP.runCompiled = (path) => {
  Object.assign(window, { __wxRoute: path, __wxRouteBegin: true, __wxAppCurrentFile__: `${path}.js` });
  try { requireCompiled(`${path}.js`); } catch (error) { failed(path, error); }
  if (!declared[path]) (isPage(path) ? MP.Page : MP.Component)({});
};
/** The function that makes the tree of a page: whole packages have one $gwx, lazy ones one for each chunk. */
MP.generatorOf = (path) => {
  const own = window.__wxAppCode__[`${path}.wxml`];
  if (typeof own === 'function') return own;
  const makers = ['$gwx', ...Object.keys(window).filter((k) => /^\$gwx\d*_XC_\d+$/.test(k))];
  for (const maker of makers) {
    for (const name of [`./${path}.wxml`, `${path}.wxml`]) { // compilers differ in how they name a file
      try {
        const made = window[maker]?.(name);
        if (typeof made === 'function') return made;
      } catch (error) { failed(`${maker} ${path}`, error); }
    }
  }
  gap('syntax', `${path}.wxml`, 'the package holds no template for it');
  return null;
};
MP.compiledCss = (path, scope) => {
  const page = MP.compiled.pages[path];
  if (page) { delete MP.compiled.pages[path]; try { (0, eval)(page); } catch (error) { failed(`${path}.html`, error); } }
  const prefix = scope ? `${scope}--` : '';
  const make = window.__wxAppCode__[`${path}.wxss`];
  if (typeof make === 'function') make(prefix, {});
  const key = Object.keys(compiledSheets).filter((k) => k.includes(`${path}.wxss:${prefix}`)).pop();
  return (key ? compiledSheets[key] : '').replace(/(^|[\s,}])body(?=[\s{.,:[>])/g, '$1wx-page');
};
