"""What can go wrong, in words that say what to do.

Every message exists in English and Chinese. Nothing below ``terminal``
prints, nothing below ``cli`` exits: it raises one of these, and ``cli`` turns it
into one line and a code.
"""

from __future__ import annotations


class PayauditError(Exception):
    """A failure that an investigator can do something about.

    ``en`` and ``zh`` say what happened and what to do.
    """

    exit_code = 1

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.en = en
        self.zh = zh


class UsageError(PayauditError):
    """The command line or a file named on it cannot be used as given."""

    exit_code = 2


class BrowserMissing(PayauditError):  # noqa: N818 - reads as the noun it is
    """No Chromium was found, or the one found does not start."""


class EvidenceError(PayauditError):
    """A file is no evidence, or is damaged."""

    exit_code = 2


class RuleError(PayauditError):
    """A rule, provision or lexicon file cannot be read."""

    exit_code = 2
