"""Trials behind the numbers in docs/: run by hand, never by CI."""
