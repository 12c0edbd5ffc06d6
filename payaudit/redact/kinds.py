"""What is private: the files of ``rules/private``, one kind each, compiled for bytes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

import re2

from payaudit.data import read_data, rules_folder
from payaudit.errors import RuleError, UsageError
from payaudit.model.base import Frozen
from payaudit.model.text import Text

HeaderPart = Literal["whole", "cookies", "scheme"]
Check = Literal["id-card", "luhn"]
Shape = Literal["mark", "email"]

ALSO = "also"
_JOINTS = re.compile(rb"[\s_.\-\[\]$]")


class KindFile(Frozen):
    """One file of ``rules/private``. Expressions are RE2; group 1, where there is one, is what is private.

    ``headers``: HTTP headers whose value is private, all of it or by ``header_part``.
    ``keys``: names in JSON, forms, addresses, scripts and attributes, compared without
    case, "_", "-" and "."; the value under one must be ``value`` as a whole, and outside of a
    request hold all of ``needs`` too, as a page may use the same name for a caption.
    ``text``: what is private wherever it stands, if it holds all of ``text_needs``.
    ``unless``: never those.
    """

    id: str
    about: Text
    headers: tuple[str, ...] = ()
    header_part: HeaderPart = "whole"
    keys: tuple[str, ...] = ()
    value: str = r"[!-~]{3,}"
    needs: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    text_needs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    check: Check | None = None
    shape: Shape = "mark"


@dataclass(frozen=True)
class Kind:
    """One kind with its expressions ready; all of them look at bytes."""

    id: str
    about: Text
    header_part: HeaderPart
    value: Any
    needs: tuple[Any, ...]
    text: tuple[Any, ...]
    text_needs: tuple[Any, ...]
    unless: tuple[Any, ...]
    check: Check | None
    shape: Shape

    def keyed(self, value: bytes, *, sent: bool) -> bool:
        """Whether a value under one of its names is private; ``sent``: the name stands in a request."""
        return (
            self.value.fullmatch(value) is not None
            and (sent or all(p.search(value) for p in self.needs))
            and not any(p.search(value) for p in self.unless)
        )

    def free(self, value: bytes) -> bool:
        """Whether what one of its ``text`` expressions found is private."""
        if any(p.search(value) for p in self.unless) or not all(p.search(value) for p in self.text_needs):
            return False
        return self.check is None or _CHECKS[self.check](re.sub(rb"[^0-9Xx]", b"", value))


@dataclass(frozen=True)
class Kinds:
    """All kinds: by header, by name, all of them. ``sha256`` is over the files and ``also``."""

    all: tuple[Kind, ...]
    by_header: dict[bytes, Kind]
    by_key: dict[bytes, Kind]
    sha256: str

    def named(self, key: bytes) -> Kind | None:
        """The kind that a name speaks of: the name itself, or what stands behind its last "." or "["."""
        key = key.removeprefix(b"data-")
        last = re.split(rb"[.\[]", key.rstrip(b"]"))[-1]
        return self.by_key.get(folded(key)) or self.by_key.get(folded(last))

    @classmethod
    def load(cls, also: Iterable[str] = (), folder: Path | None = None) -> Self:
        """Read the folder, with the investigator's own expressions; raises ``RuleError``, ``UsageError``."""
        folder = folder or rules_folder() / "private"
        files = sorted(folder.glob("*.yaml"))
        if not files:
            raise RuleError(f"{folder}: no private kinds here", f"{folder}：没有隐私类别文件")
        seal = hashlib.sha256()
        kinds, headers, keys = [], dict[bytes, Kind](), dict[bytes, Kind]()
        for file in files:
            seal.update(file.name.encode() + b"\0" + file.read_bytes())
            read = read_data(file, KindFile)
            if read.id != file.stem:
                raise RuleError(
                    f"{file}: id must be {file.stem!r}, the file's name",
                    f"{file}：id 须与文件名一致（{file.stem}）",
                )
            kind = _kind(read, file)
            kinds.append(kind)
            headers |= {name.lower().encode(): kind for name in read.headers}
            keys |= {folded(name.encode()): kind for name in read.keys}
        for pattern in also:
            seal.update(pattern.encode() + b"\0")
            kinds.append(_also(pattern))
        return cls(tuple(kinds), headers, keys, seal.hexdigest())


def folded(name: bytes) -> bytes:
    """A name without case and joints: ``accessToken``, ``access_token`` and ``access-token`` are one."""
    return _JOINTS.sub(b"", name).lower()


@cache
def compiled(pattern: str) -> Any:  # noqa: ANN401 - google-re2 has no types
    """An expression over bytes; letters beyond ASCII stand for their UTF-8. Raises ``re2.error``."""
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.log_errors = False
    return re2.compile(pattern.encode(), options)


def _kind(read: KindFile, file: Path) -> Kind:
    try:
        return Kind(
            id=read.id,
            about=read.about,
            header_part=read.header_part,
            value=compiled(read.value),
            needs=tuple(map(compiled, read.needs)),
            text=tuple(map(compiled, read.text)),
            text_needs=tuple(map(compiled, read.text_needs)),
            unless=tuple(map(compiled, read.unless)),
            check=read.check,
            shape=read.shape,
        )
    except re2.error as error:
        raise RuleError(f"{file}: {error}", f"{file}：正则表达式有误（{error}）") from None


def _also(pattern: str) -> Kind:
    try:
        text = compiled(pattern)
    except re2.error as error:
        raise UsageError(
            f"--also {pattern!r} is no expression that can be searched for: {_plain(error)}",
            f"--also {pattern!r} 不是可用的正则表达式：{_plain(error)}",
        ) from None
    if text.search(b"") is not None:
        raise UsageError(
            f"--also {pattern!r} fits everything; say what it has to hold",
            f"--also {pattern!r} 会匹配任何内容；请写明必须包含什么",
        )
    about = Text(en="What the investigator named besides.", zh="调查人员另行指定的内容。")
    none: tuple[Any, ...] = ()
    return Kind(ALSO, about, "whole", compiled(r".*"), none, (text,), none, none, None, "mark")


def _plain(error: Exception) -> str:
    said = error.args[0] if error.args else error
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


def _id_card(digits: bytes) -> bool:
    """GB 11643-1999: weights 2^(17-i) mod 11; remainder 2 is written X."""
    if len(digits) != 18:  # noqa: PLR2004 - its length
        return False
    total = sum((1 << (17 - i)) % 11 * (digit - 48) for i, digit in enumerate(digits[:17]))
    return b"10X98765432"[total % 11 : total % 11 + 1] == digits[17:].upper()


def _luhn(digits: bytes) -> bool:
    """ISO/IEC 7812-1, annex B."""
    if not digits.isdigit():
        return False
    doubled = [(d - 48) * (1 + i % 2) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0  # noqa: PLR2004 - the digits of what was doubled


_CHECKS = {"id-card": _id_card, "luhn": _luhn}
