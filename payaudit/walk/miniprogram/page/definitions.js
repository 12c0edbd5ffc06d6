// App, Page, Component, Behavior: what the package declares, given to glass-easel.
const BEHAVIORS = ['wx://form-field', 'wx://component-export', 'wx://form-field-group', 'wx://form-field-button'];
const declared = Object.create(null); // path → "page" or "component"
const configs = Object.create(null);
const registered = new Set();
const loaded = new Set();
const ownBehaviors = Object.create(null);
let codeSpace = null;
let definingPath = '';
let app = null;

const readJson = (path) => {
  const text = MP.files[path];
  if (text === undefined) return null;
  try { return JSON.parse(text.replace(/^\uFEFF/, '')); } catch (error) { failed(path, error); return {}; }
};

MP.App = (definition) => { app = Object.assign(Object.create(Object.prototype), definition); };
MP.getApp = () => (app ??= {});
MP.Page = (definition) => {
  const path = MP.compiled ? window.__wxRoute : definingPath;
  declared[path] = 'page';
  registerStatic(path);
  codeSpace.component(path).pageDefinition(definition).register();
};
MP.Component = (definition) => {
  const path = MP.compiled ? window.__wxRoute : definingPath;
  if (definition === undefined) return codeSpace.component(path);
  declared[path] = 'component';
  registerStatic(path);
  codeSpace.component(path).definition(repaired(definition)).register();
};
MP.Behavior = (definition) => codeSpace.behavior().definition(repaired(definition)).register();

/** Forms that WeChat takes and the adapter does not: behaviors by name, observers by a method's name. */
function repaired(definition) {
  const made = { ...definition };
  if (made.behaviors) made.behaviors = made.behaviors.filter(Boolean).map((b) => (typeof b === 'string' ? namedBehavior(b) : b));
  if (made.properties) {
    made.properties = Object.fromEntries(Object.entries(made.properties).map(([name, property]) => {
      if (typeof property?.observer !== 'string') return [name, property];
      const method = property.observer;
      return [name, { ...property, observer(...args) { return this[method]?.(...args); } }];
    }));
  }
  return readied(made);
}
/** `ready` is called once what was attached has been laid out; glass-easel leaves it to its host. */
function readied(made) {
  const lifetimes = { ...made.lifetimes };
  const ready = lifetimes.ready ?? made.ready;
  if (typeof ready !== 'function') return made;
  const attached = lifetimes.attached ?? made.attached;
  delete made.ready;
  delete made.attached;
  delete lifetimes.ready;
  lifetimes.attached = function (...given) {
    attached?.apply(this, given);
    requestAnimationFrame(() => { try { ready.call(this); } catch (error) { failed('ready', error); } });
  };
  return Object.assign(made, { lifetimes });
}
function namedBehavior(name) {
  const fields = name === 'wx://form-field' ? { properties: { name: String, value: null } } : {};
  return (ownBehaviors[name] ??= codeSpace.behavior().definition(fields).register());
}

/** The JSON beside a page or component. */
function configOf(path) {
  if (configs[path]) return configs[path];
  if (!MP.compiled) return (configs[path] = readJson(`${path}.json`) ?? {});
  const page = (MP.compiled.config.page ?? {})[`${path}.html`] ?? {};
  return (configs[path] = { ...page.window, usingComponents: page.usingComponents, ...window.__wxAppCode__?.[`${path}.json`] });
}

/** Names of components a page may use, each with the path it was declared by. */
function componentsOf(path) {
  const used = {};
  for (const [name, at] of Object.entries(MP.appJson.usingComponents ?? {})) {
    // What app.json names is looked for from the root, and then among the built npm packages.
    const found = at[0] === '/' || at.startsWith('plugin') ? at : findComponent('app', at);
    used[name] = found === at ? at : `/${found ?? normalised(at)}`;
  }
  return Object.assign(used, configOf(path).usingComponents);
}
function findComponent(from, at) {
  if (at.startsWith('plugin')) return null;
  const bases = [resolvedFrom(from, at)];
  if (at[0] !== '/' && at[0] !== '.') {
    for (const folder of npmFolders(from)) bases.push(folder + at);
    bases.push(normalised(at));
  }
  const there = (p) => (MP.compiled ? MP.compiledScripts.has(`${p}.js`)
    : ['.wxml', '.js', '.ts'].some((e) => MP.files[p + e] !== undefined));
  for (const base of bases) for (const path of [base, `${base}/index`]) if (there(path)) return path;
  return null;
}
const isPage = (path) => MP.pages.has(path);

/** Which class names of a component are its own: empty where it shares them with the page. */
function styleScope(path) {
  if (isPage(path) || declared[path] === 'page') return '';
  const isolation = configOf(path).styleIsolation;
  const shares = isolation === 'shared' || isolation === 'page-shared';
  return shares ? '' : `c-${path.replace(/[^a-zA-Z0-9]/g, '_')}`;
}

function registerStatic(path) {
  if (registered.has(path)) return;
  registered.add(path);
  const config = configOf(path);
  const using = {};
  for (const [name, at] of Object.entries(componentsOf(path))) {
    const found = findComponent(path, at);
    if (found) using[name] = `/${found}`;
  }
  const generics = {};
  for (const [name, value] of Object.entries(config.componentGenerics ?? {})) {
    generics[name] = value?.default ? { default: `/${findComponent(path, value.default)}` } : true;
  }
  codeSpace.addComponentStaticConfig(path, {
    component: !isPage(path) && config.component !== false,
    usingComponents: using,
    componentGenerics: generics,
    styleIsolation: isPage(path) ? 'shared' : config.styleIsolation,
    addGlobalClass: config.addGlobalClass,
    pureDataPattern: config.pureDataPattern,
  });
  const template = MP.compiled ? { generator: MP.generatorOf(path) } : MP.templates[path] && { groupList: MP.templates, content: MP.templates[path] };
  if (template) codeSpace.addCompiledTemplate(path, template);
  codeSpace.addStyleSheet(path, undefined, styleScope(path) || undefined);
}

const TAG = /<([a-z][\w.-]*)(?=[\s/>])/g;
const STRUCTURE = new Set(['template', 'block', 'import', 'include', 'wxs', 'slot']);
/** Elements of a page that neither the host nor the package defines. */
function tellUnknownElements(path, known) {
  const source = (MP.files[`${path}.wxml`] ?? '').replace(/<!--[\s\S]*?-->/g, '').replace(/<wxs[\s\S]*?<\/wxs>/g, '');
  for (const [, tag] of source.matchAll(TAG)) {
    if (STRUCTURE.has(tag) || BUILT_IN.has(tag) || HTML.has(tag) || known.has(tag)) continue;
    gap('component', tag, `used by ${path}, defined nowhere`);
  }
}

/** Load a page or component after those it is made of. */
function loadComponent(path) {
  if (loaded.has(path)) return;
  loaded.add(path);
  const used = Object.entries(componentsOf(path));
  for (const [name, at] of used) {
    const found = findComponent(path, at);
    if (found) loadComponent(found);
    else gap('component', name, `${at}, used by ${path}, is not in the package`);
  }
  const generics = configOf(path).componentGenerics ?? {};
  for (const value of Object.values(generics)) {
    const found = value?.default && findComponent(path, value.default);
    if (found) loadComponent(found);
  }
  if (MP.compiled) { if (!declared[path]) MP.runCompiled(path); return; }
  tellUnknownElements(path, new Set([...used.map(([name]) => name), ...Object.keys(generics)]));
  const outer = definingPath;
  definingPath = path;
  try {
    const script = ['.js', '.ts'].map((e) => path + e).find((p) => MP.files[p] !== undefined);
    if (script) runModule(script); else gap('script', path, 'no script of that name in the package');
  } catch (error) {
    failed(path, error);
  } finally {
    definingPath = path;
    if (!declared[path]) (isPage(path) ? MP.Page : MP.Component)({});
    definingPath = outer;
  }
}
