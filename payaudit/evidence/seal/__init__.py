"""Who vouches for an evidence file, and since when.

``keys`` signs the head of each step while walking (``heads``) and the packed file
(``wacz``); ``sidecar`` and ``stamp`` speak for the whole file from beside it;
``attest`` says of all of them what holds.
"""
