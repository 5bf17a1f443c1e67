"""One person, one organisation, one outlet, however it is spelt: across scripts, cases and romanisations.

``fold`` proposes, ``NameIndex`` finds, ``compare`` decides and says why; ``link_document`` and
``link_across`` make mentions into names. Numpy and the dictionaries load at first use of what needs them.
"""

from __future__ import annotations

from tocsin.resolve.names.across import link_across
from tocsin.resolve.names.compare import SAME, Comparison, compare
from tocsin.resolve.names.fold import fold
from tocsin.resolve.names.forms import nominatives
from tocsin.resolve.names.index import Found, NameIndex
from tocsin.resolve.names.link import NameCluster, NamedSpan, link_document

#: Name and version of the whole method: index, comparison and the joining of names.
METHOD = "entities/2"

__all__ = [
    "METHOD",
    "SAME",
    "Comparison",
    "Found",
    "NameCluster",
    "NameIndex",
    "NamedSpan",
    "compare",
    "fold",
    "link_across",
    "link_document",
    "nominatives",
]
