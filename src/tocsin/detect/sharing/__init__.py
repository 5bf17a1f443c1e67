"""Co-sharing: who shares the same things together far more than chance, popularity and wire copy allow.

``shares`` puts posts into arrays, ``edges`` counts (``kernels`` has the loops), ``null`` says what chance
would bring, ``groups`` keeps what is beyond it.
"""

from __future__ import annotations

from tocsin.detect.sharing.edges import Edges, co_message_edges, co_share_pair_edges, co_sharing_edges
from tocsin.detect.sharing.groups import Concert, Plan, find_concert, sensitivity
from tocsin.detect.sharing.null import Expectation, expect, significant
from tocsin.detect.sharing.shares import Shares, codes_of, make_shares

__all__ = [
    "Concert",
    "Edges",
    "Expectation",
    "Plan",
    "Shares",
    "co_message_edges",
    "co_share_pair_edges",
    "co_sharing_edges",
    "codes_of",
    "expect",
    "find_concert",
    "make_shares",
    "sensitivity",
    "significant",
]
