"""Companies, registrations and contacts as they are written where their users live."""

from __future__ import annotations

import pytest

from payaudit.extract.merchant import _in  # the patterns are data; this is what reads them


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Công ty TNHH Truyền thông Nháy Việt · MST 0316882475 · Hotline 1900 638 274",
            {
                ("company", "Công ty TNHH Truyền thông Nháy Việt"),
                ("registration", "0316882475"),
                ("contact", "1900 638 274"),
            },
        ),
        (
            "北京星河互娱科技有限公司 京ICP备2023001234号-1",
            {("company", "北京星河互娱科技有限公司"), ("icp", "京ICP备2023001234号-1")},
        ),
        ("Glimmer Media Pte. Ltd., 1 Road", {("company", "Glimmer Media Pte. Ltd.")}),
        ("บริษัท ซีรีส์ไทย จำกัด", {("company", "บริษัท ซีรีส์ไทย จำกัด")}),
        ("PT Cerita Kilat Nusantara", {("company", "PT Cerita Kilat Nusantara")}),
        ("Novelitas Digital, S.A. de C.V.", {("company", "Novelitas Digital, S.A. de C.V.")}),
        ("CNPJ 12.345.678/0001-90", {("registration", "12.345.678/0001-90")}),
        ("사업자등록번호 123-45-67890", {("registration", "123-45-67890")}),
        ("株式会社ほしドラマ", {("company", "株式会社ほしドラマ")}),
        ("Call us: (800) 123-4567", {("contact", "(800) 123-4567")}),
    ],
)
def test_named(text: str, expected: set[tuple[str, str]]) -> None:
    assert set(_in(text)) == expected


@pytest.mark.parametrize(
    "text",
    ["Episode 12 of 80", "WATCH ME NOW", "1,280,000 plays", "Tập 9: 40 xu", "第12集", "2026-11-30 12:00"],
)
def test_no_seller(text: str) -> None:
    assert not list(_in(text))
