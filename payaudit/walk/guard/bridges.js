// Runs in every frame before the page: wallet APIs are ours, say so to the guard, and answer "cancelled".
// Nothing in here may throw into the page, and nothing of the page's is trusted after the first line has run.
(() => {
  'use strict';
  const S = __SETTINGS__;
  const W = window;
  const { apply, construct, defineProperty, getOwnPropertyDescriptor, ownKeys, getPrototypeOf } = Reflect;
  const [stringify, P, later, Err, Dom, Px] = [JSON.stringify, Promise, setTimeout, Error, W.DOMException, Proxy];
  const { create, prototype: objects } = Object;
  const { isArray } = Array;
  const { resolve: kept, reject: broken } = P;
  const [then, resolve, reject] = [P.prototype.then, (v) => apply(kept, P, [v]), (v) => apply(broken, P, [v])];
  const idle = () => {};
  const quiet = (work, otherwise) => { try { return work(); } catch { return otherwise; } };

  // The page must not find the way back to the guard, nor be dressed twice in a reused window.
  const tell = W[S.bind] ?? W[S.spare];
  quiet(() => delete W[S.bind]);
  quiet(() => delete W[S.spare]);
  if (typeof tell !== 'function' || getOwnPropertyDescriptor(W, S.mark)) return;
  let held = false;
  // One word from the wire's side holds the frames of this window's WebSockets; a page does not know it.
  defineProperty(W, S.mark, { value: Object.freeze({ __proto__: null, hold(word, on) { if (word === S.word) held = on === true; } }) });

  /** A copy that is JSON: bounded, without functions, cycles or throwing getters. */
  function plain(value, depth = 0, seen = []) {
    if (value === null || typeof value === 'boolean' || typeof value === 'number') return value;
    if (typeof value === 'string') return value.length > 4096 ? value.slice(0, 4096) : value;
    if (typeof value === 'bigint' || typeof value === 'symbol') return quiet(() => `${String(value)}`, null);
    if (typeof value !== 'object' || depth > 7) return undefined;
    for (let i = 0; i < seen.length; i++) if (seen[i] === value) return undefined;
    if (quiet(() => value instanceof Node, false)) return '[node]';
    const inside = [value];
    for (let i = 0; i < seen.length; i++) inside[i + 1] = seen[i];
    const keys = quiet(() => ownKeys(value), []);
    const copy = isArray(value) ? [] : create(null);
    for (let i = 0, kept = 0; i < keys.length && kept < 100; i++) {
      if (typeof keys[i] !== 'string' || (isArray(value) && keys[i] === 'length')) continue;
      const part = quiet(() => plain(value[keys[i]], depth + 1, inside));
      if (part !== undefined) { copy[keys[i]] = part; kept++; }
    }
    return copy;
  }

  function report(api, args, url) {
    quiet(() => {
      const said = tell(stringify({ __proto__: null, api, arguments: plain(args) ?? null, url: url ?? '', page: `${location.href}` }));
      if (said) apply(then, said, [idle, idle]);
    });
  }

  const callable = (v) => typeof v === 'function';
  const first = (list, test) => { for (let i = 0; i < list.length; i++) if (test(list[i])) return list[i]; return undefined; };
  const answer = (fn, value) => { if (callable(fn)) later(() => fn(value), 0); return callable(fn); };
  const options = (args) => first(args, (a) => a && typeof a === 'object') ?? {};
  const rest = (args) => { const left = []; for (let i = 1; i < args.length; i++) left[i - 1] = args[i]; return left; };
  const pick = (object, name) => quiet(() => object[name]);
  const lastFunction = (args) => { for (let i = args.length - 1; i >= 0; i--) if (callable(args[i])) return args[i]; return undefined; };

  /** Mini-program manner: fail and complete with errMsg, or a rejected promise where no callback is given. */
  function miniCancel(name, args, how = 'fail', said = { errMsg: `${name}:fail cancel`, errCode: -2, errNo: -2 }) {
    const o = options(args);
    const heard = [answer(pick(o, how), said), answer(pick(o, 'complete'), said), answer(lastFunction(args), said)];
    if (heard[0] || heard[1] || heard[2] || callable(pick(o, 'success'))) return undefined;
    return how === 'success' ? resolve(said) : reject(said);
  }

  const ALIPAY = { resultCode: '6001', memo: '用户中途取消' };
  const PAYPAL = ['createOrder', 'createSubscription', 'createBillingAgreement', 'createVaultSetupToken'];
  const STRIPE = { error: { type: 'validation_error', code: 'canceled', message: 'The payment was canceled.' } };
  const MANNERS = {
    WeixinJSBridge: (name, args) => void answer(lastFunction(args), { err_msg: `${name}:cancel`, errMsg: `${name}:cancel` }),
    wx: (name, args) => name === 'chooseWXPay'
      ? miniCancel(name, args, callable(pick(options(args), 'cancel')) ? 'cancel' : 'fail', { errMsg: 'chooseWXPay:cancel' })
      : miniCancel(name, args),
    tt: (name, args) => (name === 'pay' ? miniCancel(name, args, 'success', { code: 4, errMsg: 'pay:ok' }) : miniCancel(name, args)),
    my: (name, args) => miniCancel(name, args, 'success', ALIPAY),
    ap: (name, args) => miniCancel(name, args, 'success', ALIPAY),
    AlipayJSBridge: (name, args) => void answer(lastFunction(args), ALIPAY),
    ToutiaoJSBridge: (name, args) => void answer(lastFunction(args), { code: 4, data: { code: 4 } }),
    Stripe: () => resolve({ ...STRIPE }),
    google: () => reject({ statusCode: 'CANCELED', statusMessage: 'User closed the Payment Request UI.' }),
    Paddle: () => undefined,
    Razorpay: (name, args, self) => void answer(pick(pick(pick(self, 'options') ?? {}, 'modal') ?? {}, 'ondismiss')),
    webkit: () => undefined,
  };

  /** Positional arguments as one mapping: a lone object is itself, anything else stands under args. */
  const mapped = (args) => (args.length === 1 && args[0] && typeof args[0] === 'object' && !isArray(args[0]) ? args[0] : options(args) === args[0] && args.length === 2 && callable(args[1]) ? args[0] : { args });

  function refuse(api, name, args, self) {
    report(api, mapped(args));
    let root = '';
    for (let i = 0; i < api.length && api[i] !== '.' && api[i] !== '('; i++) root += api[i];
    return quiet(() => (MANNERS[root] ?? miniCancel)(name, args, self));
  }

  // "a.b().c:d" → a tree of members; "()" stands for what calling the member gives back.
  const tree = create(null);
  for (const api of S.apis) {
    let node = tree;
    const [path, arg] = api.split(':');
    for (const part of path.split('.')) {
      const made = part.endsWith('()');
      const name = made ? part.slice(0, -2) : part;
      node = (node.members ??= create(null))[name] ??= create(null);
      if (made) node = node.made ??= create(null);
    }
    if (arg === undefined) node.leaf = true; else (node.only ??= []).push(arg);
  }
  function fits(pattern, name) {
    const open = pattern[pattern.length - 1] === '*';
    for (let i = 0; i < pattern.length - (open ? 1 : 0); i++) if (pattern[i] !== name[i]) return false;
    return open || pattern.length === name.length;
  }

  /** Our version of a value that stands at `path`; the page's own where nothing is to be refused. */
  function dressed(value, node, path, name, self) {
    if (node.leaf && callable(value)) return new Px(value, { apply: (_, me, args) => refuse(path, name, args, me ?? self) });
    if (node.only && callable(value)) {
      return new Px(value, { apply(fn, me, args) {
        const asked = typeof args[0] === 'string' ? args[0] : '';
        if (!first(node.only, (p) => fits(p, asked))) return apply(fn, me, args);
        return refuse(`${path}:${asked}`, asked, rest(args), me);
      } });
    }
    if (node.made && callable(value)) {
      value = new Px(value, {
        apply: (fn, me, args) => dress(apply(fn, me, dressedOptions(path, args)), node.made, `${path}()`),
        construct: (fn, args, target) => dress(construct(fn, dressedOptions(path, args), target), node.made, `${path}()`),
      });
    }
    return node.members ? dress(value, node, path) : value;
  }

  /** Put our members onto an object, now and whenever the page assigns them. */
  function dress(object, node, path) {
    if (object === null || (typeof object !== 'object' && !callable(object)) || !node.members) return object;
    let front = object;
    const patterns = ownKeys(node.members);
    for (let i = 0; i < patterns.length; i++) {
      const names = matching(object, patterns[i]);
      const member = node.members[patterns[i]];
      for (let j = 0; j < names.length; j++) {
        const put = () => hook(front, names[j], member, `${path}.${names[j]}`);
        if (quiet(put, false)) continue;
        if (front === object) front = quiet(() => create(object), object); // frozen: ours stands before it
        quiet(put);
      }
    }
    return front;
  }

  /** Names on an object that a pattern means; an exact name even before it is there. */
  function matching(object, pattern) {
    if (pattern[pattern.length - 1] !== '*') return [pattern];
    const names = [];
    for (let at = object; at && at !== objects; at = quiet(() => getPrototypeOf(at), null)) {
      const keys = quiet(() => ownKeys(at), []);
      for (let i = 0; i < keys.length; i++) {
        if (typeof keys[i] === 'string' && fits(pattern, keys[i])) names[names.length] = keys[i];
      }
    }
    return names;
  }

  const ours = new WeakSet();
  const [has, add] = [WeakSet.prototype.has, WeakSet.prototype.add];
  function hook(owner, name, node, path) {
    const before = getOwnPropertyDescriptor(owner, name);
    if (before && before.get && apply(has, ours, [before.get])) return true;
    let raw = quiet(() => owner[name]);
    if (owner === W && quiet(() => raw instanceof Node || raw === W[name] && raw?.window === raw, false)) raw = undefined;
    let front = raw === undefined ? raw : dressed(raw, node, path, name, owner);
    const get = () => (front === undefined && owner === W ? document.getElementById(name) ?? undefined : front);
    const set = (value) => { raw = value; front = quiet(() => dressed(value, node, path, name, owner), undefined); };
    quiet(() => apply(add, ours, [get]));
    return defineProperty(owner, name, { configurable: true, enumerable: before?.enumerable ?? true, get, set });
  }

  /** PayPal's buttons: on a tap they ask the page what to charge; so do we, and then cancel. */
  function dressedOptions(path, args) {
    const given = args[0];
    if (path !== 'paypal.Buttons' || !given || typeof given !== 'object') return args;
    const mine = quiet(() => create(given), given);
    for (let i = 0; i < PAYPAL.length; i++) {
      const name = PAYPAL[i];
      const asked = pick(given, name);
      if (!callable(asked)) continue;
      quiet(() => defineProperty(mine, name, { enumerable: true, configurable: true, value: (data) => {
        let told = false;
        const note = (order) => { if (!told) { told = true; report(`paypal.Buttons().${name}`, order ?? {}); } return resolve('CANCELLED'); };
        const pretend = { order: { create: note }, subscription: { create: note } };
        const made = quiet(() => apply(asked, given, [data ?? {}, pretend]));
        apply(then, resolve(made), [(id) => note({ id }), () => note({})]);
        answer(pick(given, 'onCancel'), {});
        return reject(new Err('Window closed'));
      } }));
    }
    args[0] = mine;
    return args;
  }

  const api = { native: (fn) => new Px(fn, {}), own: (name, value) => quiet(() => defineProperty(W, name, { configurable: true, enumerable: false, get: () => value, set: idle })) };
  const roots = quiet(() => ownKeys(tree.members), []).filter((name) => !['WeixinJSBridge', 'PaymentRequest', 'ApplePaySession'].includes(name));
  const again = () => { for (let i = 0; i < roots.length; i++) quiet(() => hook(W, roots[i], tree.members[roots[i]], roots[i])); };
  __HOSTS__
  again();
  // A script may declare `function Stripe() {}`, which replaces our accessor.
  W.addEventListener('load', again, true);
  document.addEventListener('DOMContentLoaded', again);
  __JUMPS__
  __HINTS__
  __FRAMES__
})();
