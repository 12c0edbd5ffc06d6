"""How large things may be, in bytes: what the writer keeps to and the reader insists on.

Both sides use the same numbers, so that the reader never refuses what the writer made.
"""

MIB = 1024**2
GIB = 1024**3

TOTAL = 4 * GIB
"""All members of a file together, unpacked."""

MEMBER = 1 * GIB
"""One member of a file, unpacked."""

RECORD = 256 * MIB
"""One WARC record, unpacked."""

SNAPSHOT = 128 * MIB
"""One snapshot, unpacked; 50,000 elements take 20 MiB."""

BODY = 64 * MIB
"""One body or WebSocket transcript; more is cut and marked ``length``."""

ARCHIVE_STOP = MEMBER - 64 * MIB
"""Past this size of the WARC no more bodies are kept, only that they were there."""

DEFLATE = 8 * MIB
"""Text up to this size is deflated when packed; what is longer is stored as it is."""

RATIO = 100
"""A member longer than ``DEFLATE`` that claims to shrink more than this is a bomb."""

MEMBERS = 100_000
"""Names in one file."""
