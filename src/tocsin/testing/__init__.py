"""Planted worlds with known truth, writers of input formats, and the truth of the demo corpus, for tests.

Nothing here is imported by the program itself. ``strategies`` alone needs hypothesis.
"""

from __future__ import annotations
