"""The container of a compiled package.

Big-endian: 0xBE, u32 info, u32 length of the index, u32 length of the body, 0xED, u32 number of files,
then for each file u32 length of its name, the name, u32 offset from the file's begin, u32 size; then
the bodies.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path

from payaudit.errors import UsageError

_FIRST, _SECOND = 0xBE, 0xED
_HEAD = struct.Struct(">BIIIB")
_NUMBER = struct.Struct(">I")
_PLACE = struct.Struct(">II")
_ENCRYPTED = b"V1MMWX"  # the desktop client's own wrapping
_MOST_FILES = 50_000


def read_wxapkg(path: Path) -> dict[str, bytes]:
    """The files of a package by name, without a leading slash; raises ``UsageError``."""
    data = path.read_bytes()
    if data.startswith(_ENCRYPTED):
        raise UsageError(
            f"{path} is encrypted as WeChat for desktop stores it; give the plain package"
            " (a .wxapkg whose first byte is 0xBE, or the unpacked folder)",
            f"{path} 是微信桌面版加密存储的包；请提供未加密的包"
            "（首字节为 0xBE 的 .wxapkg，或解包后的文件夹）",
        )
    try:
        return unpacked(data)
    except (ValueError, struct.error, UnicodeDecodeError) as problem:
        raise UsageError(
            f"{path} is no readable .wxapkg: {problem}; give the plain package as it was downloaded",
            f"{path} 不是可读取的 .wxapkg：{problem}；请提供未加密的原始包",
        ) from problem


def unpacked(data: bytes) -> dict[str, bytes]:
    """The files inside. Raises ``ValueError`` or ``struct.error``."""
    first, _, _, _, second = _HEAD.unpack_from(data)
    if (first, second) != (_FIRST, _SECOND):
        raise ValueError("it does not begin as one, so it may be encrypted")
    (count,) = _NUMBER.unpack_from(data, _HEAD.size)
    if count > _MOST_FILES:
        raise ValueError(f"it claims to hold {count} files")
    at = _HEAD.size + _NUMBER.size
    files: dict[str, bytes] = {}
    for _ in range(count):
        (length,) = _NUMBER.unpack_from(data, at)
        at += _NUMBER.size
        name = data[at : at + length].decode()
        at += length
        offset, size = _PLACE.unpack_from(data, at)
        at += _PLACE.size
        if offset + size > len(data):
            raise ValueError(f"it ends before {name}")
        files[name.lstrip("/")] = data[offset : offset + size]
    return files


def packed(files: Mapping[str, bytes]) -> bytes:
    """A package of these files, in order of their names."""
    names = {name: f"/{name}".encode() for name in sorted(files)}
    index_size = _NUMBER.size + sum(_NUMBER.size + len(n) + _PLACE.size for n in names.values())
    offset = _HEAD.size + index_size
    index, body = _NUMBER.pack(len(names)), b""
    for name, encoded in names.items():
        index += _NUMBER.pack(len(encoded)) + encoded + _PLACE.pack(offset + len(body), len(files[name]))
        body += files[name]
    return _HEAD.pack(_FIRST, 0, index_size, len(body), _SECOND) + index + body
