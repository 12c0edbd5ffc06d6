"""The evidence file: what a walk saw, kept so that nobody has to take our word for it.

``write`` records while walking, ``pack`` makes the one file, ``recover`` saves what a
killed walk left, ``read`` opens either and refuses what was altered.
"""
