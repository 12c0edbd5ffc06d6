// The host's own components, drawn with elements of the page.
const BUILT_IN = new Set(('view text image button input textarea checkbox checkbox-group radio radio-group switch label form '
  + 'picker picker-view picker-view-column slider scroll-view swiper swiper-item video audio rich-text navigator icon '
  + 'progress web-view canvas cover-view cover-image movable-area movable-view map camera live-player live-pusher ad '
  + 'ad-custom official-account open-data page-meta navigation-bar page-container root-portal share-element match-media '
  + 'editor keyboard-accessory voip-room functional-page-navigator store-product store-home channel-video channel-live '
  + 'list-view grid-view sticky-header sticky-section snapshot span pay-button').split(' '));
const HTML = new Set('a b br div em h1 h2 h3 h4 h5 h6 hr i img li ol p section small strong table tbody td th tr u ul'.split(' '));
// What these show comes from the host or is drawn by code: here stands an empty box, and a gap is told.
const NOT_DRAWN = ['map', 'camera', 'live-player', 'live-pusher', 'ad', 'ad-custom', 'official-account', 'open-data', 'editor',
  'channel-video', 'channel-live', 'store-product', 'store-home', 'functional-page-navigator', 'voip-room'];
const PLAIN = ['view', 'cover-view', 'movable-area', 'movable-view', 'root-portal', 'share-element', 'match-media', 'swiper-item',
  'picker-view', 'picker-view-column', 'list-view', 'grid-view', 'sticky-header', 'sticky-section', 'snapshot', 'span',
  'page-meta', 'navigation-bar', 'keyboard-accessory', 'text'];
const SLOT = '<slot/>';

/** The nearest node above one that is of our component `name`. */
function above(node, name) {
  let at = node.parentNode;
  while (at && at.is !== `host/${name}`) at = at.parentNode ?? at.getHostNode?.();
  return at ?? null;
}
/** All nodes below one that are of our components `names`, in order. */
function below(node, ...names) {
  const found = [];
  const walk = (at) => {
    for (const child of at.childNodes ?? []) {
      if (names.includes(child.is?.replace('host/', ''))) found.push(child);
      walk(child);
    }
  };
  walk(node);
  return found;
}

/** Where a picture or film lies: in the package, or at its own address. */
function assetUrl(value, component) {
  if (!value) return '';
  if (/^(https?:|data:|blob:)/.test(value)) return value;
  if (value.startsWith('//')) return `https:${value}`;
  const owner = component?.ownerShadowRoot?.getHostNode().is ?? '';
  return MP.origin + resolvedFrom(owner, value);
}

// What WeChat calls aria-role is the element's role; the others keep their names.
const ARIA = Object.fromEntries(['role', 'label', 'checked', 'selected', 'disabled', 'pressed', 'expanded', 'modal', 'labelledby',
  'describedby', 'hidden'].map((name) => [`aria${name[0].toUpperCase()}${name.slice(1)}`, name === 'role' ? name : `aria-${name}`]));
const ARIA_PROPERTIES = Object.fromEntries(Object.keys(ARIA).map((name) => [name, { type: null, value: null }]));
function tellAria() {
  for (const [name, attribute] of Object.entries(ARIA)) {
    const value = this.data[name];
    if (value !== null && value !== undefined && value !== '') this.$$?.setAttribute(attribute, String(value));
  }
}
let ownSpace = null;
/** Define one of the host's components. */
function define(name, template, spec = {}) {
  const hide = function () { this.$$?.toggleAttribute('hidden', !!this.data.hidden); };
  const component = ownSpace.defineComponent({
    is: `host/${name}`,
    template: compileOwn(template),
    options: { dynamicSlots: false, virtualHost: false, styleScope: undefined },
    properties: { hidden: Boolean, hoverClass: String, ...ARIA_PROPERTIES, ...spec.properties },
    data: spec.data ?? {},
    observers: [{ fields: 'hidden', observer: hide }, { fields: Object.keys(ARIA).join(','), observer: tellAria },
      ...Object.entries(spec.observers ?? {}).map(([fields, observer]) => ({ fields, observer }))],
    methods: spec.methods ?? {},
    lifetimes: {
      attached() { if (this.data.hidden) hide.call(this); tellAria.call(this); spec.attached?.call(this); },
      detached() { spec.detached?.call(this); },
    },
  });
  ownSpace.setGlobalUsingComponent(name, component);
}

// A button with an open-type asks the host; the answer comes as an event.
const OPEN_TYPES = { getPhoneNumber: 'getphonenumber', getRealtimePhoneNumber: 'getrealtimephonenumber', getUserInfo: 'getuserinfo',
  contact: 'contact', openSetting: 'opensetting', launchApp: 'launchapp', chooseAvatar: 'chooseavatar',
  agreePrivacyAuthorization: 'agreeprivacyauthorization' };

function defineComponents() {
  for (const name of PLAIN) define(name, SLOT);
  for (const name of NOT_DRAWN) {
    define(name, `<h-div class="mp-blank">[${name}]</h-div><slot/>`, {
      properties: { unitId: String, type: String },
      attached() { gap('component', name, 'what it shows comes from the host and is not drawn here'); },
    });
  }
  const picture = {
    properties: { src: String, mode: String, lazyLoad: Boolean, showMenuByLongpress: Boolean, webp: Boolean },
    data: { url: '' },
    observers: { src(value) { this.setData({ url: assetUrl(value, this) }); } },
    methods: {
      came() { this.triggerEvent('load', { width: 0, height: 0 }); },
      failed() { this.triggerEvent('error', { errMsg: `GET ${this.data.src} fail` }); },
    },
  };
  define('image', '<h-img class="mp-img mp-m-{{mode}}" src="{{url}}" bind:load="came" bind:error="failed" alt=""></h-img>', picture);
  define('cover-image', '<h-img class="mp-img" src="{{url}}" alt=""></h-img><slot/>', picture);
  define('icon', '<h-i class="mp-icon mp-icon-{{type}}"></h-i>', { properties: { type: String, size: String, color: String } });
  define('progress', '<h-progress value="{{percent}}" max="100"></h-progress>', { properties: { percent: Number, showInfo: Boolean } });
  define('page-container', SLOT, {
    properties: { show: Boolean, position: { type: String, value: 'bottom' }, overlay: { type: Boolean, value: true }, round: Boolean },
    observers: { show() { this.callMethod('draw'); } },
    methods: {
      draw() { this.$$?.toggleAttribute('data-shown', !!this.data.show); },
    },
    attached() { this.callMethod('draw'); this.$$?.setAttribute('data-position', this.data.position); },
  });
  define('button', '<h-i class="mp-spin" wx:if="{{loading}}"></h-i><slot/>', {
    properties: { type: { type: String, value: 'default' }, size: String, plain: Boolean, disabled: Boolean, loading: Boolean,
      openType: String, formType: String, sessionFrom: String, appParameter: String },
    observers: { 'type, plain, disabled, size'() { this.callMethod('draw'); } },
    methods: {
      draw() {
        const element = this.$$;
        if (!element) return;
        const { type, plain: bare, disabled, size } = this.data;
        element.dataset.type = type || 'default';
        element.toggleAttribute('data-plain', !!bare);
        element.toggleAttribute('data-disabled', !!disabled);
        if (size) element.dataset.size = size;
        element.setAttribute('role', 'button');
        if (disabled) element.setAttribute('aria-disabled', 'true'); else element.removeAttribute('aria-disabled');
      },
      pressed() {
        const { disabled, formType, openType } = this.data;
        if (disabled) return;
        if (formType) above(this, 'form')?.callMethod(formType === 'reset' ? 'reset' : 'submit');
        if (openType === 'share') host('shareAppMessage', routerTop()?.instance.onShareAppMessage?.({ from: 'button' }) ?? {});
        else if (OPEN_TYPES[openType]) {
          host(`button.${openType}`, {}).then((answer) =>
            this.triggerEvent(OPEN_TYPES[openType], answer.ok ?? { errMsg: `${openType}:fail user deny` }));
        } else if (openType) host(`button.${openType}`, {});
      },
    },
    attached() { this.callMethod('draw'); this.addListener('tap', () => this.callMethod('pressed')); },
  });
  // Douyin's own button that pays: what it would ask for is asked of the host.
  define('pay-button', SLOT, {
    properties: { mode: Number, goodsId: String, goodsType: Number, orderId: String, orderStatus: Number },
    attached() {
      this.$$?.setAttribute('role', 'button');
      this.addListener('tap', () => { const { hidden, hoverClass, ...told } = this.data; MP.wx.pay?.({ orderInfo: told, from: 'pay-button' }); });
    },
  });
  define('navigator', SLOT, {
    properties: { url: String, openType: { type: String, value: 'navigate' }, target: String, appId: String, path: String,
      extraData: null, delta: Number },
    attached() {
      const ways = { navigate: 'navigateTo', redirect: 'redirectTo', switchTab: 'switchTab', reLaunch: 'reLaunch',
        navigateBack: 'navigateBack', exit: 'exitMiniProgram' };
      this.$$?.setAttribute('role', 'link');
      this.addListener('tap', () => {
        const { target, appId, path, extraData, openType, url, delta } = this.data;
        if (target === 'miniProgram') MP.wx.navigateToMiniProgram({ appId, path, extraData, fail() {} });
        else MP.wx[ways[openType] ?? 'navigateTo']({ url, delta, fail() {} });
      });
    },
  });
  define('rich-text', '<h-div></h-div>', {
    properties: { nodes: null, space: String },
    observers: { nodes() { this.callMethod('draw'); } },
    methods: {
      draw() {
        const box = this.$$?.firstElementChild;
        if (box) box.replaceChildren(richNodes(this.data.nodes));
      },
    },
    attached() { this.callMethod('draw'); },
  });
  define('web-view', '<h-iframe class="mp-web-view"></h-iframe>', {
    properties: { src: String },
    observers: { src() { this.callMethod('open'); } },
    methods: {
      async open() {
        const src = this.data.src;
        if (!src) return;
        const answer = await host('web-view', { src }); // told first: no frame opens that was not announced
        const frame = this.$$?.querySelector('iframe');
        if (answer.ok && frame) frame.src = src;
      },
    },
    attached() { this.callMethod('open'); },
  });
}

const TRUSTED = new Set([...HTML, 'span', 'code', 'pre', 'blockquote', 'sub', 'sup', 'del', 'ins', 'dl', 'dt', 'dd', 'thead', 'tfoot',
  'colgroup', 'col', 'caption', 'label', 'q', 'ruby', 'rt', 'rp', 'center', 'font', 'article', 'header', 'footer', 'aside', 'nav', 'mark']);
/** Nodes of a rich text, given as HTML or as a tree; elements that WeChat does not take are left out. */
function richNodes(value) {
  const out = document.createDocumentFragment();
  const take = (source, parent) => {
    const text = source.type === 'text' ? source.text : source.nodeType === Node.TEXT_NODE ? source.data : null;
    if (text !== null) { parent.append(text ?? ''); return; }
    const name = (source.name ?? source.localName ?? '').toLowerCase();
    if (!TRUSTED.has(name)) return;
    const element = document.createElement(name);
    const attributes = source.attrs ? Object.entries(source.attrs) : Array.from(source.attributes ?? [], (a) => [a.name, a.value]);
    for (const [key, given] of attributes) {
      if (['class', 'style', 'src', 'alt', 'width', 'height', 'colspan', 'rowspan', 'align'].includes(key)) element.setAttribute(key, given);
    }
    for (const child of source.children && Array.isArray(source.children) ? source.children : source.childNodes ?? []) take(child, element);
    parent.append(element);
  };
  if (typeof value === 'string') {
    for (const node of new DOMParser().parseFromString(value, 'text/html').body.childNodes) take(node, out);
  } else for (const node of Array.isArray(value) ? value : []) take(node, out);
  return out;
}
