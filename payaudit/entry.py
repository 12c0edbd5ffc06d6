"""Where a walk begins: an address, or a picture (poster, share card) whose QR code holds one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from payaudit.errors import UsageError

_PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif"})
_PIXELS = 60_000_000  # a larger picture is no photograph of a poster


@dataclass(frozen=True)
class Entry:
    """An address to walk, and the picture that it was read from."""

    address: str
    picture: Path | None = None
    picture_sha256: str | None = None

    def told(self) -> dict[str, str] | None:
        """What the evidence keeps of the picture; None without one."""
        if self.picture is None or self.picture_sha256 is None:
            return None
        return {"picture": self.picture.name, "sha256": self.picture_sha256, "qr_code": self.address}


def entry_of(target: str) -> Entry:
    """What the investigator typed; raises ``UsageError`` for what is neither address nor such a picture."""
    path = Path(target)
    if path.suffix.lower() in _PICTURES and path.is_file():
        return _from_picture(path)
    return Entry(address_of(target))


def address_of(target: str) -> str:
    """A web address to walk; raises ``UsageError`` for anything else."""
    address = target if "://" in target else f"https://{target}"
    try:
        parts = urlsplit(address)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and " " not in address
        # a lone word without a scheme is sooner a mistyped file than a host
        good &= (
            "://" in target
            or parts.port is not None
            or "." in (parts.hostname or "")
            or parts.hostname == "localhost"
        )
    except ValueError:
        good = False
    if not good or Path(target).exists():
        raise UsageError(
            f"{target!r} is no web address; give one such as https://example.org/drama, or a picture of its "
            "QR code",
            f"{target!r} 不是网址；请给出形如 https://example.org/drama 的地址，或其二维码图片",
        )
    return address


def _from_picture(path: Path) -> Entry:
    codes = _codes(path)
    addresses = [c for c in codes if urlsplit(c).scheme in {"http", "https"} and urlsplit(c).hostname]
    if not addresses:
        said = "；".join(c[:80] for c in codes)
        raise UsageError(
            f"{path} holds no QR code with a web address"
            + (f" (it says: {said})" if said else "")
            + "; crop the picture to the code, or type the address itself",
            f"{path} 中没有含网址的二维码"
            + (f"（内容为：{said}）" if said else "")
            + "；请裁剪到二维码，或直接输入网址",
        )
    if len(set(addresses)) > 1:
        listed = " ".join(dict.fromkeys(addresses))
        raise UsageError(
            f"{path} holds several QR codes; type the one that is meant: {listed}",
            f"{path} 中有多个二维码；请直接输入其中一个：{listed}",
        )
    import hashlib  # noqa: PLC0415 - loads the system's cryptography, which --help has no use for

    return Entry(addresses[0], path, hashlib.sha256(path.read_bytes()).hexdigest())


def _codes(path: Path) -> list[str]:
    """The texts of all QR codes in a picture, in order of place."""
    import zxingcpp  # noqa: PLC0415 - only a picture needs it
    from PIL import Image  # noqa: PLC0415 - only a picture needs it

    try:
        with Image.open(path) as picture:
            if picture.width * picture.height > _PIXELS:
                raise UsageError(
                    f"{path} is too large to be read; crop it to the QR code",
                    f"{path} 过大，无法读取；请裁剪到二维码",
                )
            grey = picture.convert("L")
    except (OSError, Image.DecompressionBombError) as error:
        raise UsageError(
            f"{path} cannot be read as a picture: {error}", f"{path} 不是可读取的图片：{error}"
        ) from error
    found = zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    places = [(code.position.top_left.y, code.position.top_left.x, code.text.strip()) for code in found]
    return [text for _, _, text in sorted(places)]
