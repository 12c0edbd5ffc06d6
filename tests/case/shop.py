"""A drama whose prices can be told anew: three free episodes, a paywall with a menu, no back end."""

from __future__ import annotations

import html
from pathlib import Path
from typing import NamedTuple

PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>{title}</title>
<style>body{{font:16px sans-serif;margin:12px}}button{{font:inherit;padding:10px}}
#menu{{position:fixed;inset:auto 0 0 0;background:#fff;padding:12px;box-shadow:0 0 9px #999;display:none}}
.item{{border:1px solid #aaa;margin:6px 0;padding:8px}}.item.on{{border-color:#d33;background:#fee}}
.list button{{width:60px}}</style>
<h1>{title}</h1><p>共12集 · 免费看前3集</p><p id="now">正在播放 第1集</p>
<div class="list" aria-label="选集">{episodes}</div>
<div id="menu" role="dialog" aria-label="付费解锁"><button id="close" aria-label="关闭">×</button>
<h2>解锁后继续观看</h2>{items}
<label><input type="checkbox" id="agree"{ticked}> 我同意自动续费服务</label><p>{note}</p>
<button id="pay">立即支付</button></div>
<script>
const menu = document.getElementById("menu");
document.querySelectorAll("[data-ep]").forEach(b => b.onclick = () => {{
  const n = +b.dataset.ep;
  if (n > 3) menu.style.display = "block";
  else document.getElementById("now").textContent = "正在播放 第" + n + "集";
}});
document.getElementById("close").onclick = () => menu.style.display = "none";
document.querySelectorAll(".item").forEach(i => i.onclick = () => {{
  document.querySelectorAll(".item").forEach(x => x.classList.toggle("on", x === i));
}});
document.getElementById("pay").onclick = () => WeixinJSBridge.invoke("getBrandWCPayRequest",
  {{appId: "wx1", package: "prepay_id=1", timeStamp: "1", nonceStr: "n", paySign: "s"}}, () => 0);
</script>"""
ITEM = '<div class="item" role="button" tabindex="0"><b>{name}</b> <strong>{price}</strong></div>'


class Sold(NamedTuple):
    """A card of the menu."""

    name: str
    price: str


def shop(folder: Path, *menu: Sold, ticked: bool = False, note: str = "", title: str = "小城灯火") -> Path:
    """Write the site into a folder that ``payaudit.serve`` can serve."""
    items = "".join(ITEM.format(name=html.escape(s.name), price=html.escape(s.price)) for s in menu)
    episodes = "".join(f'<button data-ep="{n}">{n}{" 🔒" if n > 3 else ""}</button>' for n in range(1, 13))
    on = " checked" if ticked else ""
    page = PAGE.format(title=html.escape(title), episodes=episodes, items=items, ticked=on, note=note)
    (folder / "site").mkdir(parents=True)
    (folder / "site/index.html").write_text(page, "utf-8")
    return folder
