"""report.html on paper."""

from __future__ import annotations

import io
from pathlib import Path
from unicodedata import normalize

import pypdf
import pytest

from payaudit.errors import BrowserMissing
from payaudit.walk.paper import to_pdf
from tests.report.html_worlds import AT, bad_page


@pytest.mark.browser
async def test_it_has_a_cover_page_numbers_and_hashes(tmp_path: Path) -> None:
    printed = pypdf.PdfReader(io.BytesIO(await to_pdf(bad_page(tmp_path).html())))
    # Some readers take a character for the radical of the same shape.
    pages = [" ".join(normalize("NFKC", page.extract_text()).split()) for page in printed.pages]
    assert len(pages) > 3
    assert "雪夜归人" in pages[0]
    assert "0" * 64 in pages[0].replace(" ", "")
    for number, text in enumerate(pages[1:], 2):
        assert f"{number} / {len(pages)}" in text
        assert "payaudit · 证据 0000000000000000" in text
    whole = " ".join(pages)
    assert "LawRefBook" in whole  # what is folded away on the screen is on the paper
    assert AT.text in whole


async def test_without_a_browser_it_says_so() -> None:
    with pytest.raises(BrowserMissing, match="netscape is no program"):
        await to_pdf(b"<p>", "netscape")
