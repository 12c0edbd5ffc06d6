"""Pages and traffic of what others recorded, whatever the recorder: which reader a path needs."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from payaudit.errors import EvidenceError
from payaudit.evidence import layout
from payaudit.evidence.container import Container
from payaudit.foreign.noun import Archive, sha256
from payaudit.foreign.pages import read_warcs
from payaudit.foreign.saved import SUFFIXES, html_files, saved
from payaudit.foreign.wacz import WARCS, is_warc, wacz
from payaudit.model.text import Text

_MOST_PAGES = 300


def is_foreign(path: Path) -> bool:
    """Whether others recorded it; what cannot be told is left to the reader of evidence."""
    name = path.name.lower()
    if path.is_dir():
        ours = (path / layout.AUDIT).exists() or (path / "evidence.wacz").exists()
        return not ours and not path.name.endswith(".partial") and any(html_files(path))
    if not path.is_file():
        return False
    if name.endswith((*WARCS, *SUFFIXES)):
        return True
    if name.endswith((".wacz", ".zip")):
        try:
            with closing(Container.open(path)) as container:
                return layout.AUDIT not in container.names and any(map(is_warc, container.names))
        except EvidenceError:
            return False
    return False


def open_foreign(path: Path) -> Archive:
    """Read all of it. Raises EvidenceError where it is damaged or was altered, or holds no page."""
    name = path.name.lower()
    if path.is_dir() or name.endswith(SUFFIXES):
        archive = saved(path)
    elif name.endswith(WARCS):
        archive = Archive("WARC", sha256(path))
        with path.open("rb") as stream:
            read_warcs(archive, [(path.name, stream)], path)
    else:
        archive = wacz(path)
    if not archive.pages:
        raise EvidenceError(
            f"{path} holds no page that can be read; record the paywall's page itself",
            f"{path} 中没有可读的页面；请录制付费界面所在页面",
        )
    if len(archive.pages) > _MOST_PAGES:
        archive.gaps.append(
            Text(
                en=f"only the first {_MOST_PAGES} of {len(archive.pages)} pages were read",
                zh=f"共 {len(archive.pages)} 个页面，仅读取前 {_MOST_PAGES} 个",
            )
        )
        del archive.pages[_MOST_PAGES:]
    return archive
