// Shared by all parts: paths, the recorded call to the host, and what is noted of gaps.
const GE = window.__GE;
const ADAPTER = window.__ADAPTER;
const COMPILER = window.__COMPILER;
const MP = { options: null, files: {}, appJson: {}, compiled: null, origin: `${location.origin}/` };

const normalised = (path) => {
  const parts = [];
  for (const part of String(path).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
};
const folderOf = (path) => path.split('/').slice(0, -1).join('/');
const resolvedFrom = (from, path) =>
  path[0] === '/' ? normalised(path) : normalised(`${folderOf(from)}/${path}`);

/** The folders in which an npm-built package may lie, nearest first. */
function* npmFolders(from) {
  for (let folder = folderOf(from); ; folder = folderOf(folder)) {
    yield `${folder ? `${folder}/` : ''}miniprogram_npm/`;
    if (!folder) return;
  }
}

/** A copy that is JSON: no functions, no cycles; bytes as base64. */
function plain(value) {
  const seen = new Set();
  const copy = (part, depth) => {
    if (part === null || part === undefined || typeof part === 'function') return null;
    if (typeof part === 'bigint') return String(part);
    if (typeof part !== 'object') return part;
    if (part instanceof ArrayBuffer || ArrayBuffer.isView(part)) {
      const bytes = new Uint8Array(part.buffer ?? part);
      return { base64: btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join('')) };
    }
    if (depth > 12 || seen.has(part)) return null;
    seen.add(part);
    const made = Array.isArray(part) ? part.map((p) => copy(p, depth + 1)) : Object.fromEntries(
      Object.keys(part).filter((k) => typeof part[k] !== 'function').map((k) => [k, copy(part[k], depth + 1)]));
    seen.delete(part);
    return made;
  };
  try { return copy(value, 0); } catch { return null; }
}

// Kept before any code of the package runs.
const nativeFetch = window.fetch.bind(window);
let waitingForHost = 0;

/** The one way out: every call that leaves the page, answered by the host's policy. */
async function host(name, args) {
  waitingForHost += 1;
  try {
    const body = JSON.stringify({ name, arguments: plain(args) ?? {}, page: MP.route?.() ?? '' });
    return await (await nativeFetch('/__payaudit/call', { method: 'POST', body })).json();
  } catch {
    return { fail: 'the host did not answer' };
  } finally {
    waitingForHost -= 1;
  }
}
const hostIsBusy = () => waitingForHost > 0;

const notedGaps = new Set();
/** Something this runtime lacks or that went wrong in it: what was seen may differ from a phone. */
function gap(kind, name, detail = '') {
  const key = `${kind} ${name}`;
  if (notedGaps.has(key)) return;
  notedGaps.add(key);
  host('payaudit.gap', { kind, name: String(name), detail: String(detail).slice(0, 400) });
}
/** An error in the package's code, or in ours while it ran it. */
function failed(where, error) {
  console.error('[mini-program]', where, error);
  gap('error', where, error?.message ?? error);
}
