// Pages on a stack, the bar above them and the tabs below; the browser's history goes along, so that back works.
const stack = [];
let pageNumber = 0;
let backing = null; // resolves when the browser has gone back for navigateBack
const routerTop = () => stack[stack.length - 1];
const byId = (id) => document.getElementById(id);
MP.route = () => routerTop()?.path ?? '';
MP.getCurrentPages = () => stack.map((page) => page.instance);

class EventChannel {
  constructor() {
    this.listeners = {};
    this.waiting = [];
    Object.defineProperty(this, 'other', { value: null, writable: true, enumerable: false });
  }
  on(name, fn) {
    (this.listeners[name] ??= []).push(fn);
    this.waiting = this.waiting.filter(([n, args]) => n !== name || (fn(...args), false));
  }
  once(name, fn) { const one = (...args) => { this.off(name, one); fn(...args); }; this.on(name, one); }
  off(name, fn) { this.listeners[name] = fn ? (this.listeners[name] ?? []).filter((f) => f !== fn) : []; }
  emit(name, ...args) {
    const to = this.other ?? this;
    if (to.listeners[name]?.length) to.listeners[name].slice().forEach((fn) => fn(...args));
    else to.waiting.push([name, args]);
  }
}

function parted(url) {
  const [path, search = ''] = url.split('?');
  const query = {};
  for (const pair of search.split('&').filter(Boolean)) {
    const at = pair.indexOf('=');
    query[at < 0 ? pair : pair.slice(0, at)] = at < 0 ? '' : pair.slice(at + 1);
  }
  return [path, query];
}

async function openPage(url, how) {
  const [given, query] = parted(String(url));
  const path = given[0] === '/' || !routerTop() ? normalised(given) : resolvedFrom(routerTop().path, given);
  if (!isPage(path)) {
    gap('page', path, 'is not among the pages of the package');
    throw new Error(`page "${path}" is not found`);
  }
  loadComponent(path);
  await showStyles(path);
  const element = document.createElement('div');
  element.className = 'mp-page';
  const place = document.createElement('span');
  element.append(place);
  byId('mp-pages').append(element);
  const root = MP.views.createRoot('wx-page', codeSpace, `/${path}`);
  const instance = root.get();
  const page = { path, query, url: given, element, root, instance, component: root.getComponent(), number: ++pageNumber };
  const [opener, opened] = [new EventChannel(), new EventChannel()];
  [opener.other, opened.other] = [opened, opener];
  page.channel = opener;
  Object.assign(instance, { route: path, __route__: path, options: query, __wxWebviewId__: page.number, __wxExparserNodeId__: `n${page.number}`,
    getOpenerEventChannel: () => opened, getTabBar: () => null, getPageId: () => `pageId:${page.number}` });
  page.title = configOf(path).navigationBarTitleText ?? MP.appJson.window?.navigationBarTitleText ?? '';
  page.call = (name, ...args) => {
    try { return typeof instance[name] === 'function' ? instance[name](...args) : undefined; } catch (error) { failed(`${path} ${name}`, error); }
  };
  if (how === 'redirect') closePage(stack.pop());
  else if (how === 'all') while (stack.length) closePage(stack.pop());
  else if (routerTop()) hidePage(routerTop());
  stack.push(page);
  page.search = String(url).split('?')[1] ?? '';
  history[how === 'push' && stack.length > 1 ? 'pushState' : 'replaceState']({ page: page.number }, '', addressOf(page));
  if (declared[path] === 'component') {
    const own = Object.entries(query).filter(([k]) => k in instance.data).map(([k, v]) => [k, decoded(v)]);
    if (own.length) instance.setData(Object.fromEntries(own));
  }
  root.attach(element, place);
  drawBars();
  page.call('onLoad', query);
  page.call('onShow');
  page.component.triggerPageLifetime('show', []);
  await new Promise((done) => requestAnimationFrame(done));
  page.call('onReady');
  return page;
}
const addressOf = (page) => `/${page.path}${page.search ? `?${page.search}` : ''}`;
const decoded = (text) => { try { return decodeURIComponent(text); } catch { return text; } };

function hidePage(page) {
  page.element.style.display = 'none';
  page.call('onHide');
  page.component.triggerPageLifetime('hide', []);
}
function closePage(page) {
  if (!page) return;
  page.call('onUnload');
  try { page.root.release(); } catch (error) { failed(`closing ${page.path}`, error); }
  page.element.remove();
}

/** Close pages down to one that is on the stack. */
async function backTo(number) {
  const at = stack.findIndex((page) => page.number === number);
  if (at < 0 || at === stack.length - 1) return;
  while (stack.length > at + 1) closePage(stack.pop());
  const page = routerTop();
  await showStyles(page.path);
  page.element.style.display = '';
  drawBars();
  page.call('onShow');
  page.component.triggerPageLifetime('show', []);
}
async function goBack(delta = 1) {
  if (stack.length < 2) throw new Error('cannot navigate back at first page');
  const steps = Math.min(Math.max(1, delta), stack.length - 1);
  const gone = new Promise((done) => { backing = done; setTimeout(done, 500); });
  const target = stack[stack.length - 1 - steps].number;
  history.go(-steps);
  await gone;
  await backTo(target);
}
window.addEventListener('popstate', (event) => {
  const number = event.state?.page;
  if (backing) { backing(); backing = null; return; }
  if (openLayers.length) { // back answers the layer; the page under it stays
    closeTopLayer();
    history.pushState({ page: routerTop().number }, '', addressOf(routerTop()));
    return;
  }
  if (stack.some((page) => page.number === number)) backTo(number);
  else history.replaceState({ page: routerTop()?.number }, '', location.href); // a page that was replaced is gone
});

function drawBars() {
  const page = routerTop();
  const look = { ...MP.appJson.window, ...configOf(page.path) };
  const bar = byId('mp-bar');
  bar.classList.toggle('custom', look.navigationStyle === 'custom');
  bar.style.background = look.navigationBarBackgroundColor || '#000000';
  bar.style.color = look.navigationBarTextStyle === 'black' ? '#000' : '#fff';
  byId('mp-title').textContent = page.title;
  byId('mp-back').hidden = stack.length < 2 || look.navigationStyle === 'custom';
  document.title = page.title;
  drawTabs(page);
}
function drawTabs(page) {
  const tabs = MP.appJson.tabBar;
  const bar = byId('mp-tabs');
  bar.replaceChildren();
  bar.hidden = !tabs || tabs.custom || !tabs.list.some((t) => tabPath(t) === page.path);
  if (bar.hidden) return;
  bar.style.background = tabs.backgroundColor || '#fff';
  for (const tab of tabs.list) {
    const button = document.createElement('div');
    button.setAttribute('role', 'tab');
    button.setAttribute('aria-selected', String(tabPath(tab) === page.path));
    button.style.color = (tabPath(tab) === page.path ? tabs.selectedColor : tabs.color) || '#888';
    button.textContent = tab.text;
    button.addEventListener('click', () => MP.wx.switchTab({ url: `/${tabPath(tab)}`, fail() {} }));
    bar.append(button);
  }
}
const tabPath = (tab) => normalised(String(tab.pagePath).replace(/\.html$/, ''));
byId('mp-back').addEventListener('click', () => goBack().catch(() => {}));
byId('mp-close').addEventListener('click', () => host('exitMiniProgram', { by: 'capsule' }));
