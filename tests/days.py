"""Evidence of another day, for tests of what takes several days to tell: no test can wait a week.

    moved(evidence, out, -8)    a copy whose walk is said to have been made eight days before

Every time that the walk wrote of itself is moved by whole days: of the audit, its runs, its
steps and their events. The traffic and the pictures stay; the chain is linked and the file
packed anew, so that it verifies. Seals beside the file do not, and are not copied.
"""

from __future__ import annotations

import json
import re
import tempfile
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from payaudit.evidence import layout
from payaudit.evidence.container import Container
from payaudit.evidence.copy import relink, unpack
from payaudit.evidence.pack import pack_files
from payaudit.model.evidence import Link

_TIME = re.compile(rb'"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[^"]*)"')


def moved(evidence: Path, out: Path, days: int) -> Path:
    """Write the copy; gives its place back."""

    def later(found: re.Match[bytes]) -> bytes:
        when = datetime.fromisoformat(found[1].decode()) + timedelta(days=days)
        return f'"{when.isoformat()}"'.encode()

    with tempfile.TemporaryDirectory() as name, closing(Container.open(evidence)) as container:
        files = unpack(container, Path(name))
        for member, path in files.items():
            place = layout.place(member)
            if member == layout.AUDIT or (place and place.file in {layout.RUN, layout.STEP}):
                path.write_bytes(_TIME.sub(later, path.read_bytes()))
        # Whoever signed the first walk did not sign this one.
        audit = json.loads(files[layout.AUDIT].read_bytes())
        audit.pop("custody", None)
        files[layout.AUDIT].write_text(json.dumps(audit, ensure_ascii=False, indent=1), "utf-8")
        links = [
            Link.model_validate_json(path.read_bytes())
            for member, path in files.items()
            if (place := layout.place(member)) and place.file == layout.CHAIN
        ]
        relink(files, {link.warc_offset: (link.warc_offset, link.warc_sha256) for link in links})
        pack_files(files, out)
    return out
