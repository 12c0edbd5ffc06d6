"""One small drama, walked as it was and as it became."""

from __future__ import annotations

from pathlib import Path

import pytest

from payaudit.serve import serving
from tests.case.shop import Sold, shop
from tests.commands import payaudit

CANARY = "<img src=x onerror=\"document.title='pwned'\"><script>document.title='pwned'</script>"
TITLE = "小城灯火"
NOTE = "到期按¥19.9/月自动续费，可随时取消"
BEFORE = (Sold("连续包月会员", "¥19.9/月"), Sold("年度会员", "¥168/年"), Sold("全集解锁", "¥39.9"))
AFTER = (Sold("全部剧集解锁", "¥49.9"), Sold("尊享全年卡", "¥198/年"), Sold("连续包月会员", "¥19.9/月"))


def _walk(folder: Path, menu: tuple[Sold, ...], *, ticked: bool, title: str) -> Path:
    way = folder / "way.yaml"
    served = shop(folder / "served", *menu, note=NOTE, ticked=ticked, title=title)
    steps = ['- tap: {text: "4 🔒"}', *(f"- choose: {{offer: {sold.name}}}" for sold in menu)]
    way.write_text("steps:\n" + "\n".join(steps) + "\n", "utf-8")
    with serving(served) as address:
        asked = ("--persona", "wechat-iphone", "-q", "--journey", way)
        walked = payaudit("audit", address + "/", "-o", folder, *asked)
    assert walked.code in {0, 4, 10}, walked.err
    return folder


@pytest.fixture(scope="session")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the first audit."""
    return _walk(tmp_path_factory.mktemp("before"), BEFORE, ticked=True, title=TITLE)


@pytest.fixture(scope="session")
def after(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the second audit."""
    return _walk(tmp_path_factory.mktemp("after"), AFTER, ticked=False, title=TITLE + CANARY)
