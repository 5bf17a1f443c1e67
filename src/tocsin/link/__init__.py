"""Links, origins and narratives: how documents and claims derive from one another.

The room is declared so that the import rules hold from the start; nothing lives here yet.
"""
