// WXML through WeChat's own template compiler, in the page.
const WXS_GLOBALS = { getRegExp: (p, f) => new RegExp(p, f), getDate: (...a) => (a.length ? new Date(...a) : new Date()) };
Object.assign(window, WXS_GLOBALS);
// In WXS `x.constructor` is the name of a type.
const wxsAsScript = (source) => source.replace(/\.constructor\b(?!\s*\()/g, '.constructor.name');

const HOLE = '\uE0F7'; // stands in a text where a binding gave nothing; private use, never in a package's text
/** Put before the generated code: events are copied, and texts tell which of their bindings gave nothing. */
const EXTRA = `;Q.C=function(c,e,f){return window.__mpEvent(c,e,f)};
var V=function(a){return a===undefined||a===null||a!==a?'${HOLE}':String(a)};
var W=function(a,b,c){return window.__mpText(a,b,c)};`;

/** The end of the call whose opening parenthesis is at `open`; strings are skipped. */
function closing(code, open) {
  let depth = 0;
  for (let i = open; i < code.length; i++) {
    const c = code[i];
    if (c === '"' || c === "'" || c === '`') {
      for (i++; code[i] !== c && i < code.length; i++) if (code[i] === '\\') i++;
    } else if (c === '(') depth += 1;
    else if (c === ')' && --depth === 0) return i;
  }
  return -1;
}

/** T(Y(…)) makes a text: inside, let holes show, and hand the whole to __mpText with what it is bound to. */
function withHoles(code) {
  let made = '';
  let from = 0;
  const start = /\bT\((N,)?Y\(/g;
  for (let found = start.exec(code); found; found = start.exec(code)) {
    const open = found.index + found[0].length - 1;
    const end = closing(code, open);
    if (end < 0) continue;
    const inner = code.slice(open + 1, end);
    const roots = [...new Set([...inner.matchAll(/\bD\.([A-Za-z_$][\w$]*)/g)].map((m) => m[1]))];
    const called = /(?<![\w$.])P\(/.test(inner.replace(/"(?:[^"\\]|\\.)*"/g, '""')); // P(f)(…) calls a function of WXS
    const told = `[${roots.map((r) => `[${JSON.stringify(r)},D.${r}]`).join(',')}]`;
    made += `${code.slice(from, found.index)}T(${found[1] ?? ''}W(${inner.replace(/(?<![\w$.])Y\(/g, 'V(')},${told},${called})`;
    from = end + 1;
    start.lastIndex = from;
  }
  return made + code.slice(from);
}

let nextText = null; // what __mpText said of the text that is made next
window.__mpText = (value, roots, called) => {
  const text = value === undefined || value === null ? HOLE : String(value);
  nextText = null;
  if (!text.includes(HOLE)) return text;
  const mixed = text.replaceAll(HOLE, '').trim() !== '';
  const unset = roots.filter(([, v]) => v === undefined).map(([n]) => n);
  // An optional field of an item may well be empty; a whole variable, a function's value or half a text not.
  if (mixed || called || unset.length) nextText = { told: text.replaceAll(HOLE, '□').trim(), unset, called };
  return text.replaceAll(HOLE, '');
};

const suspects = new Map();
/** A text node that remembers whether a binding in it gave nothing. */
function textNode(content) {
  const node = document.createTextNode(content);
  const note = () => {
    if (nextText) suspects.set(node, { ...nextText, page: MP.route() }); else suspects.delete(node);
    nextText = null;
  };
  note();
  const own = Object.getOwnPropertyDescriptor(Node.prototype, 'textContent');
  Object.defineProperty(node, 'textContent', {
    configurable: true, get() { return own.get.call(node); }, set(value) { own.set.call(node, value); note(); },
  });
  return node;
}
/** Texts still in sight with a hole in them, once nothing is on its way that could fill it. */
function tellHoles() {
  if (hostIsBusy()) return;
  for (const [node, { told, unset, called, page }] of suspects) {
    if (!node.isConnected) { suspects.delete(node); continue; }
    if (!node.parentElement?.getClientRects().length) continue;
    const why = unset.length ? `${unset.join(', ')} was never set` : called ? 'a function gave nothing' : 'a value is missing';
    gap('empty_text', `${page}: ${told}`, why);
  }
}
setInterval(tellHoles, 180);

function compileTemplates() {
  const group = new COMPILER.TmplGroup();
  group.setExtraRuntimeScript(EXTRA);
  for (const [path, source] of Object.entries(MP.files)) {
    if (path.endsWith('.wxs')) {
      const script = wxsAsScript(source);
      group.addScript(path.slice(0, -4), script);
      group.addScript(path, script);
    } else if (path.endsWith('.wxml')) {
      const name = path.slice(0, -5);
      for (const warning of group.addTmpl(name, source) ?? []) {
        if (warning.isError) gap('syntax', `${path}:${warning.startLine}`, warning.message);
      }
      for (const module of group.getInlineScriptModuleNames(name)) {
        const script = group.getInlineScript(name, module);
        if (/\.constructor\b/.test(script)) group.setInlineScript(name, module, wxsAsScript(script));
      }
    }
  }
  const code = withHoles(group.getTmplGenObjectGroups()).replace(
    /(H\[(?:"(?:[^"\\]|\\.)*")\]=\(R,C,D,U(?:,A)?\)=>\{)/g, '$1R.setEventListenerWrapper(Q.C);');
  group.free();
  return (0, eval)(`(${code})`);
}

/** A template of one of our own components. */
function compileOwn(source) {
  const group = new COMPILER.TmplGroup();
  group.addTmpl('', source);
  const list = (0, eval)(`(${group.getTmplGenObjectGroups()})`);
  group.free();
  return { groupList: list, content: list[''] };
}
