"""What commands can be told of keys, time stamps, cases and trust, and how it is read."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from payaudit.errors import UsageError
from payaudit.terminal import say

if TYPE_CHECKING:
    from payaudit.evidence.seal.keys import Keys
    from payaudit.evidence.seal.trust import Trust
    from payaudit.sealing import Sealing

PASSWORD_VARIABLE = "PAYAUDIT_KEY_PASSWORD"  # noqa: S105 - the name of one

KeyFile = Annotated[
    Path | None,
    typer.Option(
        "--key",
        metavar="FILE",
        help=say(
            "sign with this key, made by `payaudit keygen`; its password is asked for",
            "以此密钥签名（由 payaudit keygen 生成）；会询问密码",
        ),
    ),
]
PasswordFile = Annotated[
    Path | None,
    typer.Option(
        "--key-password-file",
        metavar="FILE",
        help=say(
            f"file with the key's password on its first line; or set {PASSWORD_VARIABLE}",
            f"首行为密钥密码的文件；也可设置环境变量 {PASSWORD_VARIABLE}",
        ),
    ),
]
Tsa = Annotated[
    list[str] | None,
    typer.Option(
        "--tsa",
        metavar="URL",
        help=say(
            "have the file time-stamped there (RFC 3161); may be given several times",
            "在此加盖时间戳（RFC 3161），可多次给出",
        ),
    ),
]
CaseFile = Annotated[
    Path | None,
    typer.Option(
        "--case",
        metavar="FILE",
        help=say(
            "case.yaml: case number, mandate, officers …; `payaudit case new` writes a template",
            "case.yaml：案号、检查依据、执法人员等；用 payaudit case new 生成模板",
        ),
    ),
]
TrustedKeys = Annotated[
    list[Path] | None,
    typer.Option(
        "--trust",
        metavar="KEY.pub.pem",
        envvar="PAYAUDIT_TRUST",
        help=say(
            "take only evidence that this key signed; may be given several times",
            "只接受由此密钥签名的证据，可多次给出",
        ),
    ),
]
TsaRoots = Annotated[
    list[Path] | None,
    typer.Option(
        "--tsa-root",
        metavar="PEM",
        envvar="PAYAUDIT_TSA_ROOT",
        help=say(
            "certificate of the time stamping authority, or of who vouches for it",
            "时间戳机构的证书，或为其担保的根证书",
        ),
    ),
]


def trust_of(keys: list[Path] | None, roots: list[Path] | None = None) -> Trust:
    """Whom the investigator trusts; raises ``UsageError`` for a file that is no key or certificate."""
    from payaudit.evidence.seal.trust import Trust, load_trust

    return load_trust(keys or [], roots or []) if keys or roots else Trust()


def sealing_of(
    key: Path | None, password_file: Path | None, tsa: list[str] | None, case: Path | None
) -> Sealing:
    """Whose keys sign a walk: the investigator's, this machine's, or some made for it alone."""
    from payaudit.evidence.seal.keys import generate, of_machine
    from payaudit.evidence.seal.stamp import check_address
    from payaudit.sealing import Sealing, load_case

    told = None if case is None else load_case(case)
    tsas = tuple(check_address(url) for url in tsa or ())
    command = ("payaudit", *sys.argv[1:])
    if key is not None:
        return Sealing(keys_of(key, password_file), "investigator", tsas, told, command)
    own = of_machine(Path(typer.get_app_dir("payaudit")))
    if own is not None:
        return Sealing(own, "machine", tsas, told, command)
    return Sealing(generate(), "once", tsas, told, command)


def keys_of(path: Path, password_file: Path | None) -> Keys:
    """The investigator's keys; raises ``UsageError``."""
    from payaudit.evidence.seal.keys import load

    return load(path, lambda: password(password_file, path))


def password(file: Path | None, key: Path, *, new: bool = False) -> bytes:
    """The password of a key: of a file, the environment, or asked for at a terminal; never an argument."""
    told = os.environ.get(PASSWORD_VARIABLE)
    if file is not None:
        try:
            told = file.read_text("utf-8").partition("\n")[0].removesuffix("\r")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(
                f"cannot read the password from {file}: {getattr(error, 'strerror', None) or 'not UTF-8'}",
                f"无法从 {file} 读取密码：{getattr(error, 'strerror', None) or '不是 UTF-8'}",
            ) from error
    if told is None:
        if not sys.stdin.isatty():
            raise UsageError(
                f"{key} needs its password: set {PASSWORD_VARIABLE}, or name a file with --key-password-file",
                f"{key} 需要密码：请设置 {PASSWORD_VARIABLE}，或用 --key-password-file 指定文件",
            )
        asked = say(f"password of {key}", f"{key} 的密码")
        told = typer.prompt(asked, hide_input=True, confirmation_prompt=new, err=True)
    return told.encode()
