"""What is said of currencies is what Unicode's locale data says."""

from scripts import currency_signs


def test_the_table_is_current() -> None:
    written = currency_signs.FILE.read_text("utf-8")
    assert written == currency_signs.text(), "run scripts/currency_signs.py"
