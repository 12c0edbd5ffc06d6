"""``payaudit keygen``, ``seal``, ``verify`` and ``case``: who vouches for evidence, and whether it holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from payaudit import terminal
from payaudit.commands.options import Format, Lang, check_format
from payaudit.commands.seal_options import (
    KeyFile,
    PasswordFile,
    TrustedKeys,
    Tsa,
    TsaRoots,
    keys_of,
    password,
    trust_of,
)
from payaudit.errors import UsageError
from payaudit.terminal import reported, say

FAILED = 11  # see the README's table
_SHORTEST = 10  # characters of a password: PKCS#8 slows a guess down by little

case_app = typer.Typer(no_args_is_help=True)


def keygen(
    name: Annotated[Path, typer.Argument(metavar="NAME", help=say("where to write the key", "密钥文件名"))],
    *,
    password_file: PasswordFile = None,
    _lang: Lang = None,
) -> None:
    """Ed25519 for steps and seals, ECDSA for the signature inside the WACZ."""
    from payaudit.evidence.seal.keys import generate, private_pem, public_pem, write_private

    with reported():
        private = name if name.suffix == ".pem" else name.with_name(f"{name.name}.pem")
        public = private.with_name(private.name.removesuffix(".pem") + ".pub.pem")
        for path in (private, public):
            if path.exists():
                raise UsageError(
                    f"{path} is there already; choose another name: a lost key cannot be made again",
                    f"{path} 已存在；请换一个名称：密钥丢失后无法重新生成",
                )
        secret = password(password_file, private, new=True)
        if len(secret.decode()) < _SHORTEST:
            raise UsageError(
                f"the password is shorter than {_SHORTEST} characters; choose a longer one",
                f"密码不足 {_SHORTEST} 个字符；请换一个更长的密码",
            )
        keys = generate()
        try:
            write_private(private, private_pem(keys, secret))
            public.write_bytes(public_pem(keys))
        except OSError as error:
            raise UsageError(
                f"cannot write {private}: {error.strerror}", f"无法写入 {private}：{error.strerror}"
            ) from error
        terminal.tell(f"key {keys.id}", f"密钥 {keys.id}")
        terminal.written([private, public])


def seal(
    evidence: Annotated[Path, typer.Argument(metavar="FILE", help=say("evidence.wacz", "evidence.wacz"))],
    *,
    key: KeyFile = None,
    password_file: PasswordFile = None,
    tsa: Tsa = None,
    _lang: Lang = None,
) -> None:
    """What cannot be verified is not sealed."""
    from payaudit.evidence.find import find_evidence
    from payaudit.evidence.read import Evidence
    from payaudit.evidence.seal.stamp import check_address
    from payaudit.sealing import seal as seal_file

    with reported():
        if key is None and not tsa:
            raise UsageError(
                "nothing to seal with; give --key FILE, --tsa URL or both",
                "没有封存方式；请给出 --key FILE、--tsa URL 或两者",
            )
        urls = [check_address(url) for url in tsa or ()]
        path = find_evidence(evidence)
        keys = None if key is None else keys_of(key, password_file)
        with Evidence.open(path):
            sealed = seal_file(path, keys, urls)
        for each in sealed.stamps:
            terminal.tell(
                f"{each.path.name}: {each.time:%Y-%m-%d %H:%M:%S} UTC, {each.url}",
                f"{each.path.name}：{each.time:%Y-%m-%d %H:%M:%S} UTC，{each.url}",
            )
        if sealed.files:
            terminal.written(sealed.files)
        for failure in sealed.failures:
            terminal.error(failure.en, failure.zh)
    raise typer.Exit(1 if sealed.failures else 0)


def verify(
    evidence: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help=say("evidence.wacz, or the folder of an audit", "evidence.wacz，或审计结果文件夹"),
        ),
    ],
    *,
    trust: TrustedKeys = None,
    tsa_root: TsaRoots = None,
    output: Format = "text",
    _lang: Lang = None,
) -> None:
    """End with 11 where anything fails."""
    from payaudit.verification import to_json
    from payaudit.verification import verify as check

    with reported():
        check_format(output)
        found = check(evidence, trust_of(trust, tsa_root))
        if output == "json":
            terminal.put(to_json(found))
        else:
            terminal.show_verification(found)
    raise typer.Exit(0 if found.holds else FAILED)


@case_app.command(
    "new", help=say("Write a commented template of case.yaml.", "生成带说明的 case.yaml 模板。")
)
def case_new(
    path: Annotated[Path, typer.Argument(metavar="FILE", help=say("where to write it", "文件名"))] = Path(
        "case.yaml"
    ),
    _lang: Lang = None,
) -> None:
    """Never replaces a file."""
    from payaudit.case_template import TEMPLATE

    with reported():
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(TEMPLATE)
        except FileExistsError:
            raise UsageError(
                f"{path} is there already; choose another name", f"{path} 已存在；请换一个名称"
            ) from None
        except OSError as error:
            raise UsageError(
                f"cannot write {path}: {error.strerror}", f"无法写入 {path}：{error.strerror}"
            ) from error
        terminal.written([path])
