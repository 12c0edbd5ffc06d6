"""A page that asks in the ways that are easily overlooked: what its server is asked, by path."""

from __future__ import annotations

CACHED = "/odd/cached"
HINTED = (
    "/odd/prerendered",
    "/odd/speculated",
    "/odd/named",
)  # what rules of speculation name: not to be fetched

PAGE = """<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>旁门</title>
<meta name="viewport" content="width=device-width,initial-scale=1">
<link rel="icon" href="/odd/icon.png"><link rel="prefetch" href="/odd/prefetched">
<link rel="preload" as="script" href="/odd/preloaded.js"><link rel="manifest" href="/odd/manifest.json">
<style>@font-face{font-family:x;src:url(/odd/font.woff2)} h1{font-family:x,sans-serif;
background:url(/odd/bg.png)}</style>
<script type="speculationrules">{"prerender":[{"source":"list","urls":["/odd/prerendered"],
"eagerness":"immediate"}]}</script><script>const rules = document.createElement('script');
rules.type = 'speculationrules'; rules.textContent = JSON.stringify({ prefetch: [{ source: 'list',
urls: ['/odd/speculated'], eagerness: 'immediate' }] }); document.head.append(rules);</script>
</head><body><h1>旁门左道</h1><p id="all">…</p>
<a id="ping" href="#pinged" ping="/odd/ping">点我</a>
<form action="/odd/form" method="post"><input type="hidden" name="ep" value="9">
<button>提交</button></form>
<iframe srcdoc="<script>fetch('/odd/from-srcdoc',{method:'PUT',body:'srcdoc'})</script>"></iframe>
<script type="module">import('/odd/module.mjs')</script><script>
const said = (u, o) => fetch(u, o).then((r) => r.text());
const worker = (w) => new Promise((done) => { w.onmessage = done; });
const shared = new SharedWorker('/odd/shared.js');
const blob = new Blob([`fetch('${origin}/odd/from-blob').then(() => postMessage(1))`]);
const form = new FormData();
form.append('pic', new Blob([new Uint8Array(70000).map((_, i) => i * 7)]), 'p.bin');
const events = new EventSource('/odd/events'); events.addEventListener('last', () => events.close());
Promise.all([
  new Promise((done) => { shared.port.onmessage = done; shared.port.start(); }),
  worker(new Worker('/odd/outer.js')), worker(new Worker(URL.createObjectURL(blob))),
  said('/odd/upload', { method: 'POST', body: form }), said('/odd/head', { method: 'HEAD' }),
  said('/odd/cached').then(() => said('/odd/cached')),
]).then(() => { document.getElementById('all').textContent = '都已问过'; });
addEventListener('pagehide', () => { navigator.sendBeacon('/odd/bye', 'bye');
  fetch('/odd/last', { method: 'POST', keepalive: true, body: 'last' }); });
</script></body></html>"""

_OUTER = """importScripts('/odd/inner.js'); new Worker('/odd/nested.js').onmessage = () => postMessage(1);"""
_SHARED = "onconnect = (e) => fetch('/odd/from-shared').then(() => e.ports[0].postMessage(1));"
_RULES = '{"prefetch":[{"source":"list","urls":["/odd/named"],"eagerness":"immediate"}]}'

ANSWERS: dict[str, tuple[str, bytes]] = {
    "/odd": ("text/html", PAGE.encode()),
    "/odd/icon.png": ("image/png", b"\x89PNG no picture"),
    "/odd/bg.png": ("image/png", b"\x89PNG none either"),
    "/odd/font.woff2": ("font/woff2", b"wOF2 no font"),
    "/odd/prefetched": ("text/plain", b"prefetched"),
    "/odd/preloaded.js": ("text/javascript", b"// preloaded"),
    "/odd/manifest.json": ("application/json", b"{}"),
    "/odd/rules.json": ("application/speculationrules+json", _RULES.encode()),
    "/odd/ping": ("text/plain", b""),
    "/odd/csp": ("text/plain", b""),
    "/odd/from-srcdoc": ("text/plain", b"srcdoc"),
    "/odd/module.mjs": ("text/javascript", b"import '/odd/second.mjs';"),
    "/odd/second.mjs": ("text/javascript", b"export default 1;"),
    "/odd/shared.js": ("text/javascript", _SHARED.encode()),
    "/odd/from-shared": ("text/plain", b"shared"),
    "/odd/outer.js": ("text/javascript", _OUTER.encode()),
    "/odd/inner.js": ("text/javascript", b"fetch('/odd/from-inner');"),
    "/odd/from-inner": ("text/plain", b"inner"),
    "/odd/nested.js": ("text/javascript", b"fetch('/odd/from-nested').then(() => postMessage(1));"),
    "/odd/from-nested": ("text/plain", b"nested"),
    "/odd/from-blob": ("text/plain", b"blob"),
    "/odd/events": ("text/event-stream", b"data: one\n\nevent: last\ndata: two\n\n"),
    "/odd/upload": ("text/plain", b"uploaded"),
    "/odd/head": ("text/plain", b""),
    CACHED: ("text/plain", b"cached"),
    "/odd/bye": ("text/plain", b""),
    "/odd/last": ("text/plain", b"last"),
} | dict.fromkeys(HINTED, ("text/html", b"<!doctype html><p>ahead</p>"))
HEADERS: dict[str, dict[str, str]] = {
    "/odd": {
        "Content-Security-Policy-Report-Only": "img-src 'none'; report-uri /odd/csp",
        "Speculation-Rules": '"/odd/rules.json"',
    },
    CACHED: {"Cache-Control": "max-age=600"},
}
