// The API of the host, as wx, tt or ks: what the page can do itself, and the recorded call for all else.
const API = {};

/** Tell the caller: by callbacks where it gave some, else by the promise. */
function told(name, options, promise) {
  const heard = options.success || options.fail || options.complete;
  const say = (fn, result) => {
    if (typeof fn === 'function') try { fn(result); } catch (error) { failed(`callback of ${name}`, error); }
  };
  const after = promise.then((result) => {
    const full = { errMsg: `${name}:ok`, ...(result && typeof result === 'object' ? result : {}) };
    say(options.success, full);
    say(options.complete, full);
    return full;
  }, (reason) => {
    const full = { errMsg: `${name}:fail ${reason?.reason ?? reason?.message ?? reason}`, ...reason?.more };
    say(options.fail, full);
    say(options.complete, full);
    if (heard) return full;
    throw full;
  });
  if (heard) { after.catch(() => {}); return undefined; }
  return after;
}
const method = (name, work) => (options) => {
  const given = options && typeof options === 'object' ? options : {};
  let promise;
  try { promise = Promise.resolve(work(given)); } catch (error) { promise = Promise.reject(error); }
  return told(name, given, promise);
};
/** A call that leaves the page. */
async function asked(name, options) {
  const answer = await host(name, options);
  if (answer.ok) return answer.ok;
  throw { reason: answer.fail ?? 'not supported', more: answer.more };
}
const here = (names) => Object.entries(names).forEach(([name, work]) => { API[name] = method(name, work); });

here({
  showModal: (o) => question(o),
  showToast: async (o) => passingNote(o.title ?? '', o.duration ?? 1500),
  hideToast: async () => passingNote(''),
  showLoading: async (o) => passingNote(`${o.title ?? ''}…`),
  hideLoading: async () => passingNote(''),
  showActionSheet: async (o) => {
    const tapIndex = await chooseOf(o.itemList ?? [], o.alertText ?? '');
    if (tapIndex === null) throw { reason: 'cancel' };
    return { tapIndex };
  },
  navigateTo: async (o) => {
    const page = await openPage(o.url, 'push');
    for (const [name, fn] of Object.entries(o.events ?? {})) page.channel.on(name, fn);
    return { eventChannel: page.channel };
  },
  redirectTo: async (o) => { await openPage(o.url, 'redirect'); },
  reLaunch: async (o) => { await openPage(o.url, 'all'); },
  switchTab: async (o) => { await openPage(o.url, 'all'); },
  navigateBack: async (o) => { await goBack(o.delta); },
  setNavigationBarTitle: async (o) => { routerTop().title = o.title; drawBars(); },
  setNavigationBarColor: async (o) => { Object.assign(byId('mp-bar').style, { background: o.backgroundColor, color: o.frontColor }); },
  pageScrollTo: async (o) => {
    if (o.selector) document.querySelector(o.selector)?.scrollIntoView();
    else byId('mp-pages').scrollTop = o.scrollTop ?? 0;
  },
});

// Storage lasts as long as the run, also over a reload.
const STORED = 'stored:';
const storedKeys = () => Object.keys(localStorage).filter((k) => k.startsWith(STORED)).map((k) => k.slice(STORED.length));
const storage = {
  get: (key) => { const text = localStorage.getItem(STORED + key); return text === null ? undefined : JSON.parse(text); },
  set: (key, value) => localStorage.setItem(STORED + key, JSON.stringify(value ?? null)),
  remove: (key) => localStorage.removeItem(STORED + key),
  clear: () => storedKeys().forEach((key) => storage.remove(key)),
  info: () => ({ keys: storedKeys(), currentSize: 1, limitSize: 10240 }),
};
Object.assign(API, {
  getStorageSync: (key) => storage.get(key) ?? '',
  setStorageSync: storage.set,
  removeStorageSync: storage.remove,
  clearStorageSync: storage.clear,
  getStorageInfoSync: storage.info,
});
here({
  getStorage: async (o) => {
    const data = storage.get(o.key);
    if (data === undefined) throw { reason: 'data not found' };
    return { data };
  },
  setStorage: async (o) => storage.set(o.key, o.data),
  removeStorage: async (o) => storage.remove(o.key),
  clearStorage: async () => storage.clear(),
  getStorageInfo: async () => storage.info(),
});

const BAR = 44;
const STATUS = 20;
const system = () => ({
  pixelRatio: devicePixelRatio, screenWidth: innerWidth, screenHeight: innerHeight, windowWidth: innerWidth,
  windowHeight: innerHeight - BAR, statusBarHeight: STATUS, screenTop: BAR, language: 'zh_CN', fontSizeSetting: 16, theme: 'light',
  benchmarkLevel: 30, safeArea: { top: STATUS, left: 0, right: innerWidth, bottom: innerHeight, width: innerWidth, height: innerHeight - STATUS },
  enableDebug: false, ...MP.options.system,
});
for (const name of ['getSystemInfoSync', 'getWindowInfo', 'getDeviceInfo']) API[name] = system;
API.getAppBaseInfo = () => ({ ...system(), host: { env: MP.options.hostName } });
here({ getSystemInfo: async () => system(), getSystemInfoAsync: async () => system() });
API.getSystemSetting = () => ({ wifiEnabled: true, locationEnabled: false, bluetoothEnabled: false, deviceOrientation: 'portrait' });
API.getAppAuthorizeSetting = () => ({});
API.getSkylineInfoSync = () => ({ isSupported: false });
API.getMenuButtonBoundingClientRect = () => ({ width: 87, height: 32, left: innerWidth - 97, right: innerWidth - 10, top: 6, bottom: 38 });
API.getAccountInfoSync = () => ({ miniProgram: { appId: MP.options.appId, envVersion: 'release', version: MP.options.version }, plugin: {} });
API.getEnvInfoSync = () => ({ microapp: { appId: MP.options.appId, envType: 'production', mpVersion: MP.options.version }, common: {} });
API.getLaunchOptionsSync = API.getEnterOptionsSync = () => ({ path: MP.entry, scene: 1001, query: MP.entryQuery, referrerInfo: {} });
API.canIUse = (name) => String(name).split('.')[0] in API || BUILT_IN.has(String(name).split('.')[0]);
API.base64ToArrayBuffer = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer;
API.arrayBufferToBase64 = (bytes) => btoa(Array.from(new Uint8Array(bytes), (b) => String.fromCharCode(b)).join(''));
API.nextTick = (fn) => { Promise.resolve().then(fn); };
API.env = { USER_DATA_PATH: 'wxfile://usr' };
API.getExtConfigSync = () => ({});
here({ getExtConfig: async () => ({ extConfig: {} }) });
API.getUpdateManager = () => ({ onCheckForUpdate: (fn) => setTimeout(() => fn({ hasUpdate: false })), onUpdateReady() {}, onUpdateFailed() {}, applyUpdate() {} });
API.getPerformance = () => ({ now: () => performance.now(), getEntries: () => [], createObserver: () => ({ observe() {}, disconnect() {} }) });
const selectorOf = (component) => component?.createSelectorQuery?.() ?? routerTop().instance.createSelectorQuery();
// A component may ask while the first page is still being made.
API.createSelectorQuery = () => (routerTop() ? selectorOf() : { in: (component) => selectorOf(component) });
API.createIntersectionObserver = (component, options) => (component?.createIntersectionObserver ? component : routerTop().instance).createIntersectionObserver(options ?? {});
API.createMediaQueryObserver = () => routerTop().instance.createMediaQueryObserver();

/** A request goes to the host; the answer comes back as WeChat gives it. */
API.request = (options = {}) => {
  let given = true;
  const work = asked('request', options).then((answer) => {
    if (!given) throw { reason: 'abort' };
    return answer;
  });
  const result = told('request', options, work);
  const task = { abort() { given = false; }, onHeadersReceived() {}, offHeadersReceived() {}, onChunkReceived() {}, offChunkReceived() {} };
  return result ? Object.assign(result, task) : task;
};

/** The API as the package sees it: what the host has and we lack answers "not supported" and is told as a gap. */
function makeApi() {
  const { asks, pays, quiet, names } = MP.options;
  for (const name of [...asks, ...pays]) API[name] ??= method(name, (o) => asked(name, o));
  for (const name of quiet) API[name] ??= method(name, async () => ({}));
  const known = new Set(names);
  MP.wx = new Proxy(API, {
    get(target, name) {
      if (name in target || typeof name === 'symbol' || !known.has(name)) return target[name];
      if (/^(on|off)[A-Z]/.test(name)) return () => {};
      return (options) => {
        gap('api', name, 'this runtime does not have it; the call was answered "not supported"');
        return told(name, options && typeof options === 'object' ? options : { fail() {} }, host(name, options).then(() => { throw { reason: 'not supported' }; }));
      };
    },
  });
  // What reaches for the global object meets the guard's own bridges first.
  window.wx = Object.create(MP.wx);
  if (MP.options.dialect !== 'wx') window[MP.options.dialect] = Object.create(MP.wx);
}
