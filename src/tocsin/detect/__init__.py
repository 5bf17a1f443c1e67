"""Surges and co-sharing, each against a null model that can say "nothing here".

The room is declared so that the import rules hold from the start; nothing lives here yet.
"""
