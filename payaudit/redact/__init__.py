"""A copy of evidence for handing on: what tells who somebody is, or lets one act as them, taken out.

``kinds`` reads what is private (``rules/private``), ``find`` finds it in bytes, ``erase``
replaces it, ``walk_copy`` does both for every member of a file and packs the copy.
"""
