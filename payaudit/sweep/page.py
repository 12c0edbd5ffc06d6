"""The page of a sweep: one HTML file that needs nothing beside it, every number linked to its audits."""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from payaudit.errors import UsageError
from payaudit.model.text import Language
from payaudit.sweep.figures import Figures

WORDS = {
    "chosen": ("to be audited", "应审计"),
    "excluded": ("excluded", "已排除"),
    "not_sampled": ("not in the sample", "未抽中"),
    "unreadable": ("no address", "非网址"),
    "audited": ("audited", "已审计"),
    "reached": ("paywall reached", "到达付费墙"),
    "no-paywall": ("no paywall reached", "未到达付费墙"),
    "with-findings": ("with findings", "有线索"),
    "only-unclear": ("only unclear", "仅有存疑"),
    "failed": ("failed", "失败"),
    "failure-timeout": ("not done in time", "超时"),
    "failure-unreachable": ("could not be opened", "无法打开"),
    "failure-cut": ("ended before the paywall", "到达付费墙前中断"),
    "failure-journey": ("the script did not fit", "巡查脚本不适用"),
    "failure-interrupted": ("interrupted", "被中断"),
    "failure-input": ("cannot be walked as told", "参数无法使用"),
    "failure-failed": ("the tool failed", "工具故障"),
    "day": ("a day", "日"),
    "week": ("a week", "周"),
    "month": ("a month", "月"),
    "quarter": ("a quarter", "季"),
    "half_year": ("half a year", "半年"),
    "year": ("a year", "年"),
    "": ("once", "一次性"),
}


def write(found: Figures, path: Path, language: Language) -> Path:
    """Leave the page in a file; its links are from the folder of the sweeps. Raises ``UsageError``."""
    try:
        path.write_text(to_html(found, language), "utf-8")
    except OSError as error:
        raise UsageError(
            f"{path}: cannot be written ({error.strerror})", f"{path}：无法写入（{error.strerror}）"
        ) from error
    return path


def to_html(found: Figures, language: Language) -> str:
    """The page in one language. What pages said is escaped; nothing is loaded, nothing runs."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    zh = language == "zh"

    def say(en: str, in_chinese: str) -> str:
        return in_chinese if zh else en

    def word(key: str) -> str:
        return say(*WORDS.get(key, (key, key)))

    names: dict[str, str] = {}

    def anchor(name: str) -> str:
        """A part of an address for a figure, of its own whatever it is called."""
        return names.setdefault(name, f"{re.sub('[^a-z0-9-]', '-', name.lower())}-{len(names)}")

    places = {row["audit_id"]: number for number, row in enumerate(found.audits, 1)}
    return environment.get_template("sweep.html.jinja").render(
        found=found, language=language, say=say, word=word, anchor=anchor, places=places
    )
