"""Every way of tampering that an evidence file has to show: what is done, by a careful hand too."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import stat
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from payaudit.evidence import layout, limits
from payaudit.evidence.seal.keys import Keys, generate
from payaudit.evidence.seal.stamp import stamp
from payaudit.evidence.seal.wacz import digest_file
from payaudit.evidence.zipform import DATE, MODE, UNIX
from payaudit.sealing import seal
from tests.evidence.evidence_walks import packed
from tests.evidence.evidence_zips import Files, repack, unpack
from tests.evidence.signed_walk import signed_walk

_SIDECARS = ("ed25519.json", "tsr", "tsq")


@dataclass(frozen=True)
class Original:
    """A sealed and stamped evidence file, the keys of who made it, and the authority's address."""

    path: Path
    keys: Keys
    tsa: str

    def copy(self, folder: Path) -> Path:
        """A copy with its sidecars, for the forger."""
        folder.mkdir(parents=True, exist_ok=True)
        for kind in ("", *(f".{each}" for each in _SIDECARS)):
            shutil.copy(f"{self.path}{kind}", folder / f"{self.path.name}{kind}")
        return folder / self.path.name


Deed = Callable[[Path, Original], object]


@dataclass(frozen=True)
class Way:
    """One way of tampering; ``strangers`` shows only to who names the keys that are trusted."""

    name: str
    do: Deed
    strangers: bool = False


def _flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def _in_member(name: str) -> Deed:
    """One byte in the middle of a member's content."""

    def do(path: Path, _: Original) -> None:
        with zipfile.ZipFile(path) as archive:
            info = archive.getinfo(name)
        _flip(path, info.header_offset + 30 + len(info.filename.encode()) + info.file_size // 2)

    return do


def _directory_byte(path: Path, _: Original) -> None:
    with zipfile.ZipFile(path) as archive:
        start = archive.start_dir
    _flip(path, start + 12)  # a minute of the first member's date, which no reader of zips looks at


def _without_sidecars(path: Path) -> None:
    for kind in _SIDECARS:
        Path(f"{path}.{kind}").unlink()


def _rewritten(
    change: Callable[[Files], object], *, careful: bool = False
) -> Callable[[Path, Original], None]:
    """Unpacked, changed, packed again; by a careful hand with a new list and no sidecars."""

    def do(path: Path, _: Original) -> None:
        files = unpack(path)
        change(files)
        repack(path, files, forged=careful)
        if careful:
            _without_sidecars(path)

    return do


def _steps(files: Files) -> list[str]:
    """The prefixes of all steps, in order."""
    found = (layout.place(name) for name in files)
    steps = {(each.run, each.step) for each in found if each is not None and each.step is not None}
    return [layout.packed(layout.Place(run, step, "")) for run, step in sorted(steps)]


def _remove_step(files: Files) -> None:
    victim = _steps(files)[1]
    for name in [name for name in files if name.startswith(victim)]:
        del files[name]


def _swap_steps(files: Files) -> None:
    """Exchange two steps' content, their numbers included."""
    one, other = _steps(files)[:2]
    numbers = (one[-5:-1], other[-5:-1])
    for name in [name for name in files if name.startswith(one)]:
        twin = other + name.removeprefix(one)
        if twin in files:
            files[name], files[twin] = files[twin], files[name]
    for prefix, number in zip((one, other), numbers, strict=True):
        step = json.loads(files[prefix + layout.STEP])
        files[prefix + layout.STEP] = json.dumps({**step, "number": int(number)}).encode()


def _resigned(files: Files, keys: Keys) -> None:
    package = json.loads(files[layout.PACKAGE])
    digest = json.loads(files[layout.DIGEST])["hash"].removeprefix("sha256:")
    files[layout.DIGEST] = digest_file(package, digest, layout.PACKAGE, keys)


def _others_wacz_signature(path: Path, _: Original) -> None:
    files = unpack(path)
    _resigned(files, generate())
    repack(path, files)
    _without_sidecars(path)


def _others_bytes_in_seal(path: Path, _: Original) -> None:
    """A stranger's signature under the name of the true key."""
    seal = json.loads(Path(f"{path}.ed25519.json").read_bytes())
    seal["signature"] = base64.b64encode(generate().sign(b"anything")).decode()
    Path(f"{path}.ed25519.json").write_bytes(json.dumps(seal, indent=1).encode() + b"\n")


def _stranger(path: Path, _: Original) -> None:
    """All of it made anew under a stranger's keys: consistent in itself."""
    _without_sidecars(path)
    keys = generate()
    signed_walk(path.parent / "other", keys).replace(path)
    seal(path, keys, ())


def _nobody(path: Path, _: Original) -> None:
    """All of it made anew and signed by nobody: consistent in itself."""
    _without_sidecars(path)
    packed(path.parent / "other").replace(path)


def _others_stamp(path: Path, original: Original) -> None:
    other = path.with_name("other.bin")
    other.write_bytes(b"another file")
    stamp(other, hashlib.sha256(b"another file").hexdigest(), original.tsa)
    for kind in ("tsr", "tsq"):
        Path(f"{other}.{kind}").replace(f"{path}.{kind}")


def _cut(path: Path, _: Original) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])


def _append(
    name: str, data: bytes, mode: int = MODE, *, pack: int = zipfile.ZIP_STORED
) -> Callable[[Path, Original], None]:
    """A member more, by any zip program."""

    def do(path: Path, _: Original) -> None:
        info = zipfile.ZipInfo(name, DATE)
        info.create_system, info.external_attr, info.compress_type = UNIX, mode, pack
        with warnings.catch_warnings(), zipfile.ZipFile(path, "a") as archive:
            warnings.simplefilter("ignore")
            archive.writestr(info, data)

    return do


def made(folder: Path, tsa: str) -> Original:
    """A small walk, signed, sealed and stamped."""
    keys = generate()
    path = signed_walk(folder, keys)
    sealed = seal(path, keys, [tsa])
    if sealed.failures:
        raise sealed.failures[0]
    return Original(path, keys, tsa)


def ways(files: Files) -> list[Way]:
    """Every way; ``files`` are the original's, as one byte is changed in each kind of member."""
    step = _steps(files)[0]
    kinds = (
        *(layout.WARC, layout.INDEX, layout.PAGES, layout.AUDIT, layout.PACKAGE, layout.DIGEST),
        *("payaudit/run-01.json", step + layout.STEP, step + layout.SNAPSHOT),
        *(step + layout.SCREEN, step + layout.CHAIN),
    )
    return [
        *(Way(f"one byte in {name}", _in_member(name)) for name in kinds),
        Way("one byte in the first header", lambda path, _: _flip(path, 10)),
        Way("one byte in the central directory", _directory_byte),
        Way("one byte at the end", lambda path, _: _flip(path, path.stat().st_size - 1)),
        Way("bytes behind the end", lambda path, _: path.write_bytes(path.read_bytes() + b"more")),
        Way("bytes before the start", lambda path, _: path.write_bytes(b"more" + path.read_bytes())),
        Way("step removed", _rewritten(_remove_step)),
        Way("step removed, list forged", _rewritten(_remove_step, careful=True)),
        Way("steps reordered", _rewritten(_swap_steps)),
        Way("steps reordered, list forged", _rewritten(_swap_steps, careful=True)),
        Way("file added", _rewritten(lambda files: files.update({"payaudit/note.txt": b"x"}))),
        Way(
            "file added, list forged",
            _rewritten(lambda files: files.update({"payaudit/note.txt": b"x"}), careful=True),
        ),
        Way("signature removed", _rewritten(lambda _: None, careful=True)),
        Way("another key's signature inside", _others_wacz_signature),
        Way("another key's signature in the seal", _others_bytes_in_seal),
        Way("all signed anew by a stranger", _stranger, strangers=True),
        Way("all made anew, signed by nobody", _nobody, strangers=True),
        Way("one byte in the seal", lambda path, _: _flip(Path(f"{path}.ed25519.json"), 60)),
        Way("one byte in the time stamp", lambda path, _: _flip(Path(f"{path}.tsr"), 300)),
        Way("time stamp of another file", _others_stamp),
        Way("archive cut short", _cut),
        Way("zip bomb", _append("zeros", bytes(limits.DEFLATE + 1), pack=zipfile.ZIP_DEFLATED)),
        Way("path that leaves the file", _append("../../etc/cron.d/x", b"x")),
        Way("one name twice", _append(layout.AUDIT, b"{}")),
        Way("symbolic link", _append("link", b"/etc/passwd", (stat.S_IFLNK | 0o777) << 16)),
    ]
