"""Archives in the shape that other recorders leave: Browsertrix, ArchiveWeb.page, wget, a recording proxy."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

SITE = "https://m.yeyu-drama.example"
AT = "2026-05-01T08:00:00Z"
AGENT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 MicroMessenger/8.0.50"

PAYWALL = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>夜雨归人</title>
<style>.off{display:none}</style><script>var plans = [{price: 1}];</script></head>
<body><h2>解锁后续剧情</h2>
<div role="dialog">
  <ul>
    <li class="plan on"><b>连续包月</b><em>¥9.9</em><i>次月起¥25/月自动续费</i></li>
    <li class="plan"><b>会员年卡</b><em>¥128</em><i>到期不续费</i></li>
    <li class="plan"><b>解锁全集</b><em>¥29.9</em><i>共80集</i></li>
  </ul>
  <label><input type="checkbox" checked>我已阅读并同意<a href="/xy/vip.html">《会员服务协议》</a></label>
  <button>立即支付</button>
  <p hidden>首月¥0.01</p>
</div></body></html>
"""
AGREEMENT = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>协议</title></head><body>
<h1>会员服务协议</h1><p>本服务由夜雨归人（杭州）文化传媒有限公司提供。</p>
<p>会员服务为虚拟商品，一经开通，概不退款。</p></body></html>
"""
SHELL = '<!DOCTYPE html><html><head><title>夜雨归人</title></head><body><div id="app"></div></body></html>'
SHOWN = "夜雨归人\n解锁后续剧情\n连续包月 ¥9.9\n次月起¥25/月自动续费\n立即支付"
ORDER = {
    "code": 0,
    "data": {"order_no": "D20260501", "total_fee": 990, "fee_type": "CNY", "contract_code": "8812"},
}

Answers = list[tuple[str, str, bytes, dict[str, str], bytes]]
"""Method, address, body sent, headers of the answer, its body."""

ANSWERS: Answers = [
    ("GET", f"{SITE}/play/12", b"", {"Content-Type": "text/html; charset=utf-8"}, PAYWALL.encode()),
    ("GET", f"{SITE}/xy/vip.html", b"", {"Content-Type": "text/html"}, AGREEMENT.encode()),
    ("GET", f"{SITE}/a.png", b"", {"Content-Type": "image/png"}, b"\x89PNG\r\n\x1a\n" + bytes(64)),
    (
        "POST",
        f"{SITE}/api/order/create",
        b'{"sku": "vip_m"}',
        {"Content-Type": "application/json"},
        json.dumps(ORDER).encode(),
    ),
]


def warc(
    path: Path, software: str, answers: Answers, *, first: str = "response", packed: bool = True
) -> bytes:
    """A WARC with a request and a response for each answer, in the order that the recorder keeps."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed, warc_version="WARC/1.1")
    writer.write_record(
        writer.create_warcinfo_record(path.name, {"software": software, "format": "WARC File Format 1.1"})
    )
    for number, (method, url, sent, headers, body) in enumerate(answers):
        date = f"2026-05-01T08:00:{number:02d}Z"
        target = url.partition(SITE)[2] or "/"
        head = StatusAndHeaders("200 OK", list(headers.items()), protocol="HTTP/1.1")
        response = writer.create_warc_record(
            url,
            "response",
            payload=io.BytesIO(body),
            http_headers=head,
            warc_headers_dict={"WARC-Date": date},
        )
        asked = [("Host", "m.yeyu-drama.example"), ("User-Agent", AGENT), ("Referer", f"{SITE}/play/12")]
        line = StatusAndHeaders(f"{method} {target} HTTP/1.1", asked, is_http_request=True)
        other = {"WARC-Date": date, "WARC-Concurrent-To": response.rec_headers.get_header("WARC-Record-ID")}
        request = writer.create_warc_record(
            url, "request", payload=io.BytesIO(sent), http_headers=line, warc_headers_dict=other
        )
        for record in (response, request) if first == "response" else (request, response):
            writer.write_record(record)
    return out.getvalue()


def resource(url: str, text: str, kind: str = "text/plain") -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="WARC/1.1")
    record = writer.create_warc_record(
        url,
        "resource",
        payload=io.BytesIO(text.encode()),
        warc_content_type=kind,
        warc_headers_dict={"WARC-Date": AT},
    )
    writer.write_record(record)
    return out.getvalue()


def wacz(path: Path, files: dict[str, bytes], **package: str) -> Path:
    """Pack files with the list that WACZ 1.1.1 asks for."""
    listed = [
        {"name": Path(n).name, "path": n, "hash": "sha256:" + hashlib.sha256(d).hexdigest(), "bytes": len(d)}
        for n, d in files.items()
    ]
    head = json.dumps(
        {"profile": "data-package", "resources": listed, "wacz_version": "1.1.1", **package}
    ).encode()
    digest = {"path": "datapackage.json", "hash": "sha256:" + hashlib.sha256(head).hexdigest()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in {
            **files,
            "datapackage.json": head,
            "datapackage-digest.json": json.dumps(digest).encode(),
        }.items():
            archive.writestr(name, data)
    return path


def lines(*values: dict[str, Any]) -> bytes:
    return "".join(json.dumps(v, ensure_ascii=False) + "\n" for v in values).encode()


def browsertrix(folder: Path, answers: Answers = ANSWERS, **more: str) -> Path:
    """Several WARCs, a packed index with its own list, pages that were met on the way, logs."""
    software = "Browsertrix-Crawler 1.6.1 (with warcio.js 2.4.4)"
    half = len(answers) // 2
    extra = b"".join(resource(f"urn:text:{url}", text) for url, text in more.items())
    cdx = f"example,yeyu-drama,m)/play/12 20260501080000 {json.dumps({'url': SITE + '/play/12'})}\n"
    page = {
        "id": "p1",
        "url": f"{SITE}/play/12",
        "title": "夜雨归人",
        "loadState": 2,
        "ts": AT,
        "mime": "text/html",
        "status": 200,
        "seed": True,
        "depth": 0,
    }
    files = {
        "archive/rec-20260501080000000-crawl-0.warc.gz": warc(
            Path("rec-0.warc.gz"), software, answers[:half]
        ),
        "archive/rec-20260501080000001-crawl-1.warc.gz": warc(Path("rec-1.warc.gz"), software, answers[half:])
        + extra,
        "indexes/index.cdx.gz": gzip.compress(cdx.encode(), mtime=0),
        "indexes/index.idx": b'!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}\n',
        "pages/pages.jsonl": lines({"format": "json-pages-1.0", "id": "pages", "title": "Seed Pages"}, page),
        "pages/extraPages.jsonl": lines(
            {"format": "json-pages-1.0", "id": "extra", "title": "Non-Seed Pages"},
            {**page, "id": "p2", "url": f"{SITE}/xy/vip.html", "title": "协议", "seed": False, "depth": 1},
        ),
        "logs/crawl.log": b'{"logLevel":"info"}\n',
    }
    return wacz(folder / "crawl.wacz", files, software=software, created=AT)


def archiveweb(folder: Path, answers: Answers = ANSWERS, text: str = SHOWN) -> Path:
    """One WARC, a plain index, pages with the words that were shown."""
    software = "Webrecorder ArchiveWeb.page 0.15.1, using warcio.js 2.4.3"
    page = {
        "id": "x1",
        "url": f"{SITE}/play/12",
        "ts": "2026-05-01T08:00:00.123Z",
        "title": "夜雨归人",
        "size": 1234,
        "text": text,
    }
    files = {
        "archive/data.warc.gz": warc(Path("data.warc.gz"), software, answers),
        "indexes/index.cdx": b"",
        "pages/pages.jsonl": lines(
            {"format": "json-pages-1.0", "id": "pages", "title": "All Pages", "hasText": True}, page
        ),
    }
    return wacz(folder / "archive.wacz", files, software=software, created=AT, title="夜雨")


def wget(folder: Path, answers: Answers = ANSWERS) -> Path:
    """A plain WARC, the request before the response."""
    path = folder / "site.warc"
    path.write_bytes(warc(path, "Wget/1.25.0 (linux-gnu)", answers, first="request", packed=False))
    return path


def proxy(folder: Path) -> Path:
    """A recording proxy keeps what the server sent: packed by brotli, in chunks, by gzip."""

    def pack(how: str, body: bytes) -> tuple[dict[str, str], bytes]:
        if how == "br":
            return {"Content-Encoding": "br"}, brotli.compress(body)
        if how == "gzip":
            return {"Content-Encoding": "gzip"}, gzip.compress(body)
        return {"Transfer-Encoding": "chunked"}, b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)

    answers: Answers = []
    for (method, url, sent, headers, body), how in zip(ANSWERS, ("br", "gzip", "chunked", "br"), strict=True):
        more, data = pack(how, body)
        answers.append((method, url, sent, headers | more, data))
    path = folder / "proxy.warc.gz"
    path.write_bytes(warc(path, "pywb 2.8.3", answers))
    return path


RECORDERS: dict[str, Callable[[Path], Path]] = {
    "browsertrix": browsertrix,
    "archiveweb.page": archiveweb,
    "wget": wget,
    "proxy": proxy,
}
