"""A mini-program that shows every component of vant-weapp, as a project with its built npm package would be.

The library comes from npm (fixtures/kits); its pages stand in ``vant_weapp.yaml``.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import yaml

HERE = Path(__file__).parent
LIBRARY = HERE.parent / "fixtures/kits/node_modules/@vant/weapp/lib"


def composed(folder: Path) -> Path:
    """Write the mini-program; the library lies where WeChat's own "build npm" puts it."""
    shutil.copytree(LIBRARY, folder / "miniprogram_npm/@vant/weapp", dirs_exist_ok=True)
    pages = yaml.safe_load((HERE / "vant_weapp.yaml").read_text("utf-8"))
    used = {
        f"van-{p.parent.name}": f"@vant/weapp/{p.parent.name}/index"
        for p in sorted(LIBRARY.glob("*/index.json"))
    }
    files = {
        "app.json": json.dumps(
            {"pages": [f"pages/{name}/{name}" for name in pages], "usingComponents": used}
        ),
        "app.js": "App({});",
        "project.config.json": '{"appid": "wx0000000000000000"}',
    }
    for name, page in pages.items():
        at = f"pages/{name}/{name}"
        data = json.dumps(page.get("data", {}), ensure_ascii=False)
        files |= {f"{at}.wxml": page["wxml"], f"{at}.json": "{}"}
        files[f"{at}.js"] = page.get("script", f"Page({{ data: {data} }});")
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return folder
