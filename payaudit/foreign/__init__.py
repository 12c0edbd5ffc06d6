"""What others recorded, as evidence: WACZ and WARC of any recorder, saved HTML.

``open_foreign`` tells what a path holds and reads pages and traffic from it; ``record``
writes them as an evidence file whose screens have words but no layout.
"""
