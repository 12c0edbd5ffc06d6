// Put the parts together and open the first page.
async function start() {
  const answer = await nativeFetch(`/__payaudit/package?at=${encodeURIComponent(location.pathname + location.search)}`);
  const told = await answer.json();
  MP.options = told.options;
  MP.files = told.files;
  MP.compiled = told.compiled;
  MP.entry = told.entry;
  MP.entryQuery = parted(`/?${told.query}`)[1];
  if (MP.compiled) {
    const config = MP.compiled.config;
    MP.appJson = { ...config.global, ...config, usingComponents: config.global?.usingComponents, window: config.global?.window ?? config.window };
    GE.globalOptions.templateEngine = compiledEngine;
  } else MP.appJson = readJson('app.json') ?? {};
  MP.pages = new Set((MP.appJson.pages ?? []).map(normalised));
  for (const sub of MP.appJson.subPackages ?? MP.appJson.subpackages ?? []) {
    for (const page of sub.pages ?? []) MP.pages.add(normalised(`${sub.root}/${page}`));
  }
  prepareViews();
  makeApi();
  defineComponents();
  defineForms();
  defineMoving();
  if (MP.compiled) loadCompiled(MP.compiled); else MP.templates = compileTemplates();
  try {
    if (MP.compiled) { runService(MP.compiled); if (definedModules['app.js']) requireCompiled('app.js'); } else {
      const script = ['app.js', 'app.ts'].find((p) => MP.files[p] !== undefined);
      if (script) runModule(script);
    }
  } catch (error) { failed('app.js', error); }
  const launch = API.getLaunchOptionsSync();
  for (const name of ['onLaunch', 'onShow']) {
    try { app?.[name]?.(launch); } catch (error) { failed(`App.${name}`, error); }
  }
  await openPage(`/${MP.entry}${told.query ? `?${told.query}` : ''}`, 'push');
}

// Only what is an event of the page's own: else `input` of an element would reach handlers without its value.
const NATIVE = /^(touch|mouse|transition|animation|click)/;
const nothing = () => {};
function prepareViews() {
  // Both before the environment is made: uni-app adds handlers to the instance, vant has a property "dataset".
  GE.globalOptions.useMethodCallerListeners = true;
  GE.globalOptions.writeFieldsToNode = false;
  GE.addGlobalErrorListener?.((error, info) => { failed(`glass-easel ${info?.type ?? ''}`, error); return false; });
  GE.addGlobalWarningListener?.(() => false);
  const environment = new ADAPTER.MiniProgramEnv();
  const backend = new GE.CurrentWindowBackendContext();
  backend.document = {
    createElement: (tag) => document.createElement(tag.startsWith('h-') ? tag.slice(2) : BUILT_IN.has(tag) ? `wx-${tag}` : tag),
    createTextNode: textNode,
    createDocumentFragment: () => document.createDocumentFragment(),
  };
  const listen = backend.setListenerStats.bind(backend);
  backend.setListenerStats = (element, type, capture, mutated) => {
    if (NATIVE.test(type)) listen(element, type, capture, mutated);
    // An element that takes taps shows so, to whoever looks at the page from outside.
    if (type === 'tap' && element instanceof EventTarget) element.addEventListener('click', nothing);
  };
  GE.globalOptions.backendContext = backend;
  MP.views = environment.associateBackend(backend);
  backend.onEvent((target, type, detail, options) => {
    const event = new GE.Event(type, detail, options);
    GE.Event.dispatchEvent(target, event);
    return event.defaultPrevented() ? 1 : 0;
  });
  codeSpace = environment.createCodeSpace('main', true);
  ownSpace = codeSpace.getComponentSpace();
  // Styles and players go by the id as it is written.
  ownSpace.updateComponentOptions({ writeIdToDOM: true });
  const prepare = codeSpace.prepareComponentOptions.bind(codeSpace);
  codeSpace.prepareComponentOptions = (...given) => {
    const [options, isolation] = prepare(...given);
    return [{ ...options, idPrefixGenerator: null }, isolation];
  };
  for (const name of BEHAVIORS) ownSpace.defineBehavior({ is: name });
}

window.addEventListener('error', (e) => failed('script', e.error ?? e.message));
window.addEventListener('unhandledrejection', (e) => { if (e.reason instanceof Error) failed('promise', e.reason); });
start().catch((error) => failed('start', error)).finally(() => {
  document.documentElement.dataset.started = '';
  // What its first page asked of servers counts as its first screen too.
  const look = () => (hostIsBusy() ? setTimeout(look, 30) : host('payaudit.started', {}));
  setTimeout(look, 30);
});
