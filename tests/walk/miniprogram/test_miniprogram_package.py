"""What is read of a package, and what is said of one that cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from payaudit.errors import UsageError
from payaudit.perceive.calls import Calls
from payaudit.walk.miniprogram.package import read_package
from payaudit.walk.miniprogram.policy import host_policy
from payaudit.walk.miniprogram.runtime import RuntimeMissing, fetch_runtime, find_runtime
from payaudit.walk.miniprogram.ttml import as_wxml
from payaudit.walk.miniprogram.wxapkg import packed, read_wxapkg, unpacked
from payaudit.walk.miniprogram.wxss import to_css
from tests.commands import payaudit
from tests.walk.guard.harness import CALLS
from tests.walk.miniprogram.phone import written

PAGE = {"pages/a/a.wxml": "<view/>", "pages/a/a.js": "Page({})"}


def test_a_container_comes_back_as_it_was() -> None:
    files = {"app-config.json": b"{}", "a/b.js": b"\x00\xff", "empty": b""}
    assert unpacked(packed(files)) == files


def test_an_encrypted_package_is_asked_for_plain(tmp_path: Path) -> None:
    path = tmp_path / "x.wxapkg"
    path.write_bytes(b"V1MMWX" + bytes(2000))
    with pytest.raises(UsageError, match=r"encrypted.*plain"):
        read_wxapkg(path)
    done = payaudit("audit", path, "-o", tmp_path / "out")
    assert (done.code, len(done.errors)) == (2, 1)


@pytest.mark.parametrize("data", [b"", b"\xbe", packed({"a": b"abc"})[:-2], b"PK\x03\x04" + bytes(40)])
def test_a_broken_container_is_said_in_a_line(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.wxapkg"
    path.write_bytes(data)
    with pytest.raises(UsageError, match=r"no readable \.wxapkg"):
        read_wxapkg(path)


def test_a_folder_without_a_mini_program_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no mini-program.*dist/build/mp-weixin"):
        read_package(tmp_path)


def test_the_output_below_a_project_is_found(tmp_path: Path) -> None:
    written(tmp_path / "dist", PAGE)
    (tmp_path / "project.config.json").write_text('{"appid": "wx1", "miniprogramRoot": "dist/"}')
    (tmp_path / "package.json").write_text('{"version": "3.2.1"}')
    package = read_package(tmp_path)
    assert (package.app_id, package.version, package.pages) == ("wx1", "3.2.1", ("pages/a/a",))


def test_the_same_files_have_the_same_hash_and_others_another(tmp_path: Path) -> None:
    first, again = written(tmp_path / "a", PAGE), written(tmp_path / "b", PAGE)
    other = written(tmp_path / "c", {**PAGE, "app.js": "App({ a: 1 })"})
    assert read_package(first).sha256 == read_package(again).sha256 != read_package(other).sha256


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.js").write_text("secret")
    package = written(tmp_path / "p", PAGE)
    (package / "in.js").symlink_to(tmp_path / "secret.js")
    (package / "deep").symlink_to(tmp_path)
    assert not any("secret" in text for text in read_package(package).files.values())


def test_ttml_is_read_as_wxml() -> None:
    source = {"a.ttml": '<sjs src="./n.sjs" module="n"/><view tt:for="{{l}}" tt:if="{{a}}">tt:x</view>'}
    assert as_wxml(source, "tt") == {
        "a.wxml": '<wxs src="./n.wxs" module="n"/><view wx:for="{{l}}" wx:if="{{a}}">tt:x</view>'
    }


def test_a_page_brought_over_from_wechat_may_keep_its_name() -> None:
    source = {"a.ttml": "<view/>", "b.wxml": '<view tt:for="{{l}}" wx:if="{{a}}"/>'}
    assert as_wxml(source, "tt")["b.wxml"] == '<view wx:for="{{l}}" wx:if="{{a}}"/>'


def test_wxss_becomes_css() -> None:
    files = {
        "a/a.wxss": '@import "../b.wxss"; .x view > .y:not(.z) { width: 75rpx; margin: calc(10px + 15rpx) }',
        "b.wxss": "page { color: red } @media (min-width: 1px) { button { top: 0 } }",
    }
    css = to_css(files, "a/a.wxss", "c")
    assert "wx-page { color: red }" in css
    assert "wx-button { top: 0 }" in css
    assert ".c--x wx-view > .c--y:not(.c--z) { width: 10vw; margin: calc(10px + 2vw) }" in css


def test_every_payment_of_the_policy_has_a_signature() -> None:
    policy = host_policy()
    unknown = {f"{d}.{n}" for d, names in policy.pays.items() for n in names if not _known(CALLS, f"{d}.{n}")}
    assert unknown == set()
    assert not {n for names in policy.pays.values() for n in names} & (
        set(policy.answers) | set(policy.quiet)
    )


def _known(calls: Calls, api: str) -> bool:
    return calls.match_bridge(api) is not None


def test_a_runtime_that_was_changed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuntimeMissing, match="payaudit setup"):
        find_runtime(tmp_path)
    folder = tmp_path / "runtime"
    there = find_runtime().folder
    for file in there.rglob("*"):
        if file.is_file():
            target = folder / file.relative_to(there)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
    assert fetch_runtime(folder).compiler  # nothing to fetch
    (folder / "glass-easel/dist/glass_easel.all.js").write_text("evil()")
    with pytest.raises(RuntimeMissing, match="not what was fetched"):
        find_runtime(folder)
