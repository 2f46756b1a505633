"""Lab 1 explains no new words: it uses those of lessons 1 to 4."""
TERMS = {}
