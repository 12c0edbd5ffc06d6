"""The ways of ``ways.yaml``, and the pages they need."""

from __future__ import annotations

from pathlib import Path

import yaml

WAYS: dict[str, str] = yaml.safe_load(Path(__file__).with_name("ways.yaml").read_text("utf-8"))

_CSP = "<meta http-equiv=Content-Security-Policy content=\"img-src 'none'\">"
_LATER = "addEventListener('install',()=>skipWaiting());addEventListener('message',e=>e.waitUntil({}))"


def pages(pay: str) -> dict[str, tuple[str, str]]:
    """What the shop serves for ``WAYS``."""
    ask = f"fetch('{pay}/sw',{{mode:'no-cors'}}).catch(()=>0)"
    return {
        "/": ("text/html", "<!doctype html><meta charset=utf-8><title>shop</title><body><p>shop"),
        "/sw.js": ("text/javascript", ask),
        "/sw-later.js": ("text/javascript", _LATER.format(ask)),
        "/prerendered": ("text/html", f"<p>pre<script>{ask}</script>"),
        "/csp-report": (
            f"text/html\r\nContent-Security-Policy: img-src 'none'; report-uri {pay}/r",
            "<img src=/x>",
        ),
        "/refresh-header": (f"text/html\r\nRefresh: 0;url={pay}/refresh", "<p>wait"),
        "/link-header": (f"text/html\r\nLink: <{pay}/l.js>; rel=preload; as=script", "<p>link"),
        "/reporting": ("text/html", f"{_CSP}<img src='{pay}/csp'><script src='{pay}/reporting'></script>"),
    }


def way(name: str, pay: str) -> str:
    """The script of one way against the origin ``pay``."""
    return "(()=>{" + WAYS[name].replace("HOSTPORT", pay.partition("://")[2]).replace("PAY", pay) + "})()"
