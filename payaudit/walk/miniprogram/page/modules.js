// The package's scripts: CommonJS over its files, ES modules through Babel; names of the browser are hidden.
const HIDDEN = ['window', 'document', 'frames', 'self', 'location', 'navigator', 'localStorage', 'history',
  'screen', 'alert', 'confirm', 'prompt', 'XMLHttpRequest', 'WebSocket', 'webkit', 'fetch', 'sessionStorage',
  'indexedDB', 'RTCPeerConnection', 'webkitRTCPeerConnection'];
const GIVEN = ['wx', 'tt', 'ks', 'App', 'Page', 'Component', 'Behavior', 'getApp', 'getCurrentPages',
  'requirePlugin', 'global'];
const packageGlobal = {};

const given = () => [
  MP.wx, MP.options.dialect === 'tt' ? MP.wx : undefined, MP.options.dialect === 'ks' ? MP.wx : undefined,
  MP.App, MP.Page, MP.Component, MP.Behavior, MP.getApp, MP.getCurrentPages, requirePlugin, packageGlobal,
];

function requirePlugin(name) {
  gap('plugin', name, 'the code of a plugin does not come with the package');
  return new Proxy({}, { get: () => () => undefined });
}

const loadedModules = Object.create(null);
const scriptAt = (base) =>
  [base, `${base}.js`, `${base}.ts`, `${base}/index.js`, `${base}/index.ts`]
    .find((p) => /\.(js|ts)$/.test(p) && MP.files[p] !== undefined);

function findModule(from, path) {
  if (path[0] === '.' || path[0] === '/') return scriptAt(resolvedFrom(from, path));
  const near = scriptAt(resolvedFrom(from, `./${path}`));
  if (near) return near;
  for (const folder of npmFolders(from)) {
    const there = scriptAt(folder + path);
    if (there) return there;
  }
  return scriptAt(path);
}

function plainScript(path) {
  const source = MP.files[path];
  const typed = path.endsWith('.ts');
  if (!typed && !/^\s*(import\b(?!\s*\()|export\b)/m.test(source)) return source;
  const options = {
    filename: path, presets: typed ? ['typescript'] : [], plugins: ['transform-modules-commonjs'],
    sourceType: 'unambiguous', compact: false,
  };
  return window.Babel.transform(source, options).code;
}

function runModule(path) {
  if (loadedModules[path]) return loadedModules[path].exports;
  const module = loadedModules[path] = { exports: {}, id: path };
  const require = (name) => {
    const found = findModule(path, name);
    if (!found) {
      gap('module', name, `required by ${path}, not in the package`);
      throw new Error(`module '${name}' is not defined`);
    }
    return runModule(found);
  };
  require.async = async (name) => require(name);
  const code = `${plainScript(path)}\n//# sourceURL=${MP.origin}${path}`;
  const run = new Function('require', 'module', 'exports', ...GIVEN, ...HIDDEN, code);
  run.call(undefined, require, module, module.exports, ...given());
  return module.exports;
}
