"""What is handed in to be walked: a source tree, the output of a framework, or a compiled package."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from payaudit.errors import UsageError
from payaudit.walk.miniprogram.policy import Dialect
from payaudit.walk.miniprogram.ttml import as_wxml, dialect_of
from payaudit.walk.miniprogram.wxapkg import read_wxapkg

Kind = Literal["source", "wxapkg"]

_TEXTS = frozenset(
    {".js", ".ts", ".json", ".wxml", ".wxss", ".wxs", ".ttml", ".ttss", ".sjs", ".ksml", ".css", ".html"}
)
_APART = frozenset({"node_modules", ".git", ".svn"})
_MOST_FILES = 20_000
_MOST_BYTES = 256 * 1024 * 1024
_DEEP = 5  # folders under the one that was named in which an output may lie
_SCRIPT = re.compile(r"<script[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_MODULE = re.compile(r"^\s*(import\b(?!\s*\()|export\b)", re.MULTILINE)


@dataclass(frozen=True)
class Package:
    """One mini-program, read whole into memory: nothing of the disk is looked at afterwards.

    ``files`` are its texts by path, in the names of WeChat's languages; ``assets`` all files as they were.
    """

    name: str
    kind: Kind
    dialect: Dialect
    sha256: str
    files: Mapping[str, str]
    assets: Mapping[str, bytes] = field(repr=False)
    entry: str
    pages: tuple[str, ...]
    app_id: str | None = None
    version: str | None = None
    compiled: Mapping[str, Any] | None = field(default=None, repr=False)

    @property
    def modern(self) -> bool:
        """Whether a script is written as an ES module or in TypeScript."""
        return any(
            name.endswith(".ts") or (name.endswith(".js") and _MODULE.search(text))
            for name, text in self.files.items()
        )

    def told(self) -> dict[str, str | None]:
        """What the evidence keeps of it."""
        return {
            "name": self.name,
            "kind": self.kind,
            "dialect": self.dialect,
            "app_id": self.app_id,
            "version": self.version,
            "sha256": self.sha256,
        }

    @property
    def target(self) -> str:
        """What a report calls it."""
        return f"mini-program {self.app_id or self.name}"


def is_package(path: Path) -> bool:
    """Whether what was named is to be read as a mini-program: any folder, or a ``.wxapkg``."""
    return path.is_dir() or (path.is_file() and path.suffix.lower() == ".wxapkg")


def read_package(path: Path) -> Package:
    """Read it; raises ``UsageError`` saying what is missing and what to give instead."""
    if path.is_file():
        return _compiled(path.name, read_wxapkg(path), _sha256(path.read_bytes()))
    folders = _packed_folder(path)
    if folders is not None:
        return folders
    root = _root(path)
    assets = dict(_all_files(root))
    if "app-config.json" in assets and "app.json" not in assets:
        return _compiled(path.name, assets, _hash_of(assets))
    texts = _texts(assets)
    dialect = dialect_of(list(texts))
    files = as_wxml(texts, dialect) if dialect != "wx" else texts
    config = _json(files.get("app.json", ""), root / "app.json")
    pages = _pages(config)
    if not pages:
        raise UsageError(
            f"{root / 'app.json'} lists no pages; give the folder of the mini-program's output",
            f"{root / 'app.json'} 中没有页面；请给出小程序构建结果的文件夹",
        )
    project = _project(path, root)
    entry = str(config.get("entryPagePath") or pages[0]).lstrip("/")
    return Package(
        name=path.resolve().name,
        kind="source",
        dialect=dialect,
        sha256=_hash_of(assets),
        files=files,
        assets=assets,
        entry=entry,
        pages=pages,
        app_id=_word(project.get("appid")),
        version=_version(path, root),
    )


def _packed_folder(path: Path) -> Package | None:
    """A folder of a main package and its subpackages, as a phone keeps them."""
    packages = sorted(path.glob("*.wxapkg"))
    if not packages:
        return None
    files: dict[str, bytes] = {}
    for each in packages:
        for name, data in read_wxapkg(each).items():
            files.setdefault(name, data)
    return _compiled(path.resolve().name, files, _sha256(b"".join(p.read_bytes() for p in packages)))


def _compiled(name: str, assets: Mapping[str, bytes], sha256: str) -> Package:
    texts = _texts(assets)
    if "app-config.json" not in texts or "app-service.js" not in texts:
        raise UsageError(
            f"{name} holds no app-config.json with an app-service.js: it is a subpackage, or packed by a tool"
            " that is not known; put it into one folder with the main package",
            f"{name} 中没有 app-config.json 与 app-service.js：它是分包，或由未知工具打包；"
            "请与主包放在同一文件夹",
        )
    config = _json(texts["app-config.json"], Path(name))
    pages = tuple(str(p).removesuffix(".html") for p in config.get("pages", []))
    frame = _SCRIPT.findall(texts.get("page-frame.html", ""))
    frame = frame or [texts[n] for n in ("page-frame.js", "app-wxss.js") if n in texts]
    services = [texts[n] for n in sorted(texts) if PurePosixPath(n).name == "app-service.js"]
    of_pages = {
        n.removesuffix(".html"): ";".join(_SCRIPT.findall(text))
        for n, text in texts.items()
        if n.endswith(".html") and n != "page-frame.html"
    }
    entry = str(config.get("entryPagePath") or pages[0]).removesuffix(".html").lstrip("/")
    return Package(
        name=name,
        kind="wxapkg",
        dialect="wx",
        sha256=sha256,
        files={},
        assets=dict(assets),
        entry=entry,
        pages=pages,
        app_id=_word(config.get("appId") or config.get("appid")),
        version=_word(config.get("version")),
        compiled={"config": config, "frame": frame, "service": "\n;".join(services), "pages": of_pages},
    )


def _root(path: Path) -> Path:
    """The folder that holds ``app.json``: the one named, the one its project names, or the only one below."""
    for name in ("app.json", "app-config.json"):
        if (path / name).is_file():
            return path
    told = _read_json(path / "project.config.json").get("miniprogramRoot")
    if isinstance(told, str) and (path / told / "app.json").is_file():
        return path / told
    found = sorted({p.parent for p in path.rglob("app.json") if _near(p, path) and _has_pages(p)})
    built = [p for p in found if {"dist", "build"} & set(p.relative_to(path).parts)]
    choice = found if len(found) == 1 else built
    if len(choice) == 1:
        return choice[0]
    if choice:
        listed = ", ".join(str(p) for p in choice[:5])
        raise UsageError(
            f"{path} holds several mini-programs; name the one that is meant: {listed}",
            f"{path} 中有多个小程序；请指明其中一个：{listed}",
        )
    raise UsageError(
        f"{path} holds no mini-program: no app.json, and no plain .wxapkg. Give the folder that a build"
        " writes (uni-app: dist/build/mp-weixin; Taro: dist), or a .wxapkg",
        f"{path} 中没有小程序：没有 app.json，也没有未加密的 .wxapkg。请给出构建结果文件夹"
        "（uni-app：dist/build/mp-weixin；Taro：dist），或 .wxapkg 文件",
    )


def _near(found: Path, top: Path) -> bool:
    parts = found.relative_to(top).parts
    return len(parts) <= _DEEP + 1 and not _APART & set(parts)


def _has_pages(file: Path) -> bool:
    return isinstance(_read_json(file).get("pages"), list)


def _all_files(root: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of the tree; links are not followed, so that nothing outside is read."""
    count = size = 0
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root)
        if _APART & set(name.parts) or path.is_symlink() or not path.is_file():
            continue
        if any(parent.is_symlink() for parent in path.parents if parent.is_relative_to(root)):
            continue
        count += 1
        size += path.stat().st_size
        if count > _MOST_FILES or size > _MOST_BYTES:
            raise UsageError(
                f"{root} is larger than any mini-program; give the folder of its output alone",
                f"{root} 大于任何小程序；请只给出构建结果文件夹",
            )
        yield name.as_posix(), path.read_bytes()


def _texts(assets: Mapping[str, bytes]) -> dict[str, str]:
    return {
        name: data.decode("utf-8", "replace")
        for name, data in assets.items()
        if PurePosixPath(name).suffix in _TEXTS
    }


def _pages(config: Mapping[str, Any]) -> tuple[str, ...]:
    own = [str(p) for p in config.get("pages") or []]
    for sub in config.get("subPackages") or config.get("subpackages") or []:
        own += [f"{str(sub.get('root', '')).strip('/')}/{page}" for page in sub.get("pages") or []]
    return tuple(own)


def _project(path: Path, root: Path) -> dict[str, Any]:
    for folder in (root, path, *root.parents[:_DEEP]):
        found = _read_json(folder / "project.config.json")
        if found:
            return found
    return {}


def _version(path: Path, root: Path) -> str | None:
    for folder in (root, path):
        for name, key in (("manifest.json", "versionName"), ("package.json", "version")):
            told = _word(_read_json(folder / name).get(key))
            if told:
                return told
    return None


def _read_json(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text("utf-8-sig"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _json(text: str, where: Path) -> dict[str, Any]:
    try:
        found = json.loads(text.removeprefix("\ufeff"))
    except ValueError as problem:
        raise UsageError(f"{where} is no JSON: {problem}", f"{where} 不是有效的 JSON：{problem}") from problem
    if not isinstance(found, dict):
        raise UsageError(f"{where} is no JSON object", f"{where} 不是 JSON 对象")
    return found


def _word(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _hash_of(assets: Mapping[str, bytes]) -> str:
    """Over names and contents, in order of the names."""
    whole = hashlib.sha256()
    for name in sorted(assets):
        whole.update(f"{name}\0{_sha256(assets[name])}\n".encode())
    return whole.hexdigest()
