"""The local web workbench and its API.

The room is declared so that the import rules hold from the start; nothing lives here yet.
"""
