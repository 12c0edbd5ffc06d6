"""A target that is a mini-program's folder or package, and who walks it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from payaudit.errors import UsageError

if TYPE_CHECKING:
    from payaudit.walk.miniprogram.host import Ads
    from payaudit.walk.miniprogram.miniprogram import Staging

# Whose app runs a package written in these languages.
_HOSTS = {"wx": "wechat", "tt": "douyin", "ks": "douyin"}
_PERSONAS = {"wx": "wechat-iphone", "tt": "douyin-android", "ks": "douyin-android"}


def staging_of(target: str, backend: str | None, ads: str, *, cdp: str | None = None) -> Staging | None:
    """The package at ``target``; None where that is an address or a picture. Raises ``UsageError``."""
    from payaudit.walk.miniprogram.miniprogram import Staging  # noqa: PLC0415 - only an audit needs it
    from payaudit.walk.miniprogram.package import is_package, read_package  # noqa: PLC0415 - as above

    path = Path(target)
    if not is_package(path):
        if backend is not None:
            raise UsageError(
                "--backend is for a mini-program; give its folder or .wxapkg as the target",
                "--backend 仅用于小程序；请以其文件夹或 .wxapkg 作为目标",
            )
        return None
    if cdp is not None:
        raise UsageError(
            "--cdp walks what a running browser shows; a package is walked without it",
            "--cdp 用于已运行的浏览器；审计代码包时不需要",
        )
    staging = Staging(read_package(path), backend, cast("Ads", ads))
    staging.check()
    return staging


def persona_for(staging: Staging | None, told: str) -> str:
    """The persona that was told, or one of the app that runs the package where it is of another."""
    if staging is None or told.startswith(_HOSTS[staging.package.dialect]):
        return told
    return _PERSONAS[staging.package.dialect]
