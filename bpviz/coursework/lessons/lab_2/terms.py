"""Lab 2 explains no new word: it uses those of nine lessons."""

TERMS = {}
