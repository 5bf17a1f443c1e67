"""Narratives: claims that say the same thing, across languages and time, and where they came before.

``meanings`` turns each claim into a vector and facts, ``wordings`` finds the pairs that are near,
``grouping`` makes groups no two of whose claims contradict one another, ``stage`` writes the tables. Light
to import.
"""
