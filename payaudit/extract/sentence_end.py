"""Where a sentence ends, in a page's own script: a full stop only before a space."""

import re

SENTENCE_END = re.compile(r"[。；;！!？?\n]|\.(?=\s|$)")
