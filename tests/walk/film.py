"""A film of any length that plays and is stored nowhere: WebM, every second of it made when it is asked for.

A lossy WebP is one VP8 key frame in a wrapper, so Pillow can make the frames; a second of
them is drawn once, and every second of the film is that one with its own time.
"""

from __future__ import annotations

import io
import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from PIL import Image

FPS = 25
WIDTH, HEIGHT = 360, 640
_EBML, _SEGMENT, _INFO, _TRACKS, _CLUSTER = "1a45dfa3", "18538067", "1549a966", "1654ae6b", "1f43b675"
_KEY_FRAME = 0x80


@dataclass(frozen=True)
class Film:
    """``seconds`` long, about ``weight`` bytes each."""

    seconds: int
    weight: int

    @cached_property
    def head(self) -> bytes:
        """What comes before the first second: with the length of the whole, in bytes and in ms."""
        tracks = _track()
        info = _made(
            _INFO,
            _made("2ad7b1", _number(1_000_000)),
            _made("4489", struct.pack(">d", self.seconds * 1000)),
            _made("4d80", b"payaudit"),
            _made("5741", b"payaudit"),
        )
        inside = len(info) + len(tracks) + self.seconds * self.pace
        return _made(_EBML, *_doctype()) + bytes.fromhex(_SEGMENT) + _size(inside) + info + tracks

    @cached_property
    def _second(self) -> bytes:
        return b"".join(
            _made("a3", struct.pack(">BhB", 0x81, number * 1000 // FPS, _KEY_FRAME) + frame)
            for number, frame in enumerate(_frames(self.weight // FPS))
        )

    @cached_property
    def pace(self) -> int:
        """Bytes of a second."""
        return len(self.second(0))

    @property
    def size(self) -> int:
        """Bytes of the whole."""
        return len(self.head) + self.seconds * self.pace

    def second(self, number: int) -> bytes:
        """The bytes of one second, from 0."""
        return _made(_CLUSTER, _made("e7", _number(number * 1000)), self._second)

    def read(self, first: int, last: int) -> Iterator[bytes]:
        """The bytes from ``first`` to ``last``, both included, in pieces of a second at most."""
        while first <= last:
            at = first - len(self.head)
            piece, skip = (self.head, first) if at < 0 else (self.second(at // self.pace), at % self.pace)
            piece = piece[skip : skip + last - first + 1]
            yield piece
            first += len(piece)


def _doctype() -> list[bytes]:
    numbers = (("4286", 1), ("42f7", 1), ("42f2", 4), ("42f3", 8), ("4287", 2), ("4285", 2))
    made = [_made(name, _number(number)) for name, number in numbers]
    return [*made[:4], _made("4282", b"webm"), *made[4:]]


def _track() -> bytes:
    picture = _made("e0", _made("b0", _number(WIDTH)), _made("ba", _number(HEIGHT)))
    numbers = (_made(name, _number(1)) for name in ("d7", "73c5", "83"))
    return _made(_TRACKS, _made("ae", *numbers, _made("86", b"V_VP8"), picture))


def _frames(weight: int) -> list[bytes]:
    """A second of noise with a bar that moves through it; each frame about ``weight`` bytes."""
    chance = random.Random(weight)  # noqa: S311 - noise, not secrets
    noise = Image.frombytes("RGB", (WIDTH, HEIGHT), chance.randbytes(WIDTH * HEIGHT * 3))
    quality = min(range(0, 101, 5), key=lambda each: abs(len(_key_frame(noise, each)) - weight))
    frames = []
    for number in range(FPS):
        picture = noise.copy()
        picture.paste((255, 255, 255), (0, number * HEIGHT // FPS, WIDTH, (number + 1) * HEIGHT // FPS))
        frames.append(_key_frame(picture, quality))
    return frames


def _key_frame(picture: Image.Image, quality: int) -> bytes:
    packed = io.BytesIO()
    picture.save(packed, "WEBP", quality=quality, method=0)
    riff, _, webp, chunk, length = struct.unpack("<4sI4s4sI", packed.getvalue()[:20])
    assert (riff, webp, chunk) == (b"RIFF", b"WEBP", b"VP8 ")
    return packed.getvalue()[20 : 20 + length]


def _made(name: str, *inside: bytes) -> bytes:
    whole = b"".join(inside)
    return bytes.fromhex(name) + _size(len(whole)) + whole


def _size(length: int) -> bytes:
    return (length | 1 << 56).to_bytes(8, "big")  # always of eight bytes, so that no length moves another


def _number(value: int) -> bytes:
    return value.to_bytes(8, "big")
