"""Notebooks with exercises: their cells, hand-outs of them, how one stands.

    notebook, cells         the cells of an exercise; which cells another one needs
    handout, release        hand-outs, solved copies, copies with a mistake; folders for a class
    standing, selfcheck     whether all cells are there; run one and say how it stands
    overview, commands      the table of docs/teaching.md; the command line
"""
