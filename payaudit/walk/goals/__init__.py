"""The goals of the agenda, one file each."""
