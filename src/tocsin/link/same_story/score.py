"""How alike the stories of two documents are, by weights that were learnt (``training/same_story``).

Two judgements are joined. The *plain* one is a sum of what two documents have in common, no weight below
zero: more in common is never less alike. The *fine* one is a kernel regression over the features and over
products of both documents' vectors: it knows that two texts on one epidemic are near without being one story,
but only for pairs such as it was taught with. Where the plain one is far above the fine one, as for copies
word by word, which it was hardly shown, the plain one counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tocsin.link.same_story.basis import SPACES, Basis, Told
from tocsin.link.same_story.features import FEATURES, features
from tocsin.link.same_story.reading import readings

__all__ = ["FINE", "METHOD", "PLAIN", "Alike", "Scorer", "load", "scorer"]

METHOD: Final = "same-story/1"
_FILE: Final = "semeval-2022.npz"
#: Features of the fine judgement: all but those that told nothing more, and the lengths.
FINE: Final = tuple(
    name
    for name in FEATURES
    if name
    not in {
        "crowd_about_less",
        "crowd_about_more",
        "numbers_all",
        "lead_learnt",
        "title_learnt",
        "length",
        "length_differs",
    }
)
#: Features of the plain judgement: more of each is more alike.
PLAIN: Final = tuple(
    name
    for name in FEATURES
    if not name.startswith(("crowd", "length")) and name not in {"across", "numbers_all"}
)
_NAMES: Final = tuple(FEATURES)
_FINE_AT: Final = np.array([_NAMES.index(name) for name in FINE])
_PLAIN_AT: Final = np.array([_NAMES.index(name) for name in PLAIN])
#: Standardised features are capped here.
CAP: Final = 2.0
#: Width of the kernel, per feature, and how much products of vectors weigh beside it.
WIDTH: Final = 0.3
PRODUCTS: Final = 0.25
#: How far the plain judgement must be above the fine one to count, on the scale of 0 to 1.
ABOVE: Final = 0.2

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Alike:
    """``value``: 0 nothing in common, 1 the same story; ``plain``: the plain judgement, about as wide."""

    value: float
    plain: float


@dataclass(frozen=True, slots=True, eq=False)
class Scorer:
    """Weights. ``mean`` and ``spread`` standardise all features.

    ``support`` (n, len(FINE)) and ``dual`` (n,) are the kernel regression, ``bilinear`` (2, d, d) what
    products of beginnings and of pooled pieces give; ``bias`` is the value of the average pair; ``weights``
    are those of ``PLAIN``.
    """

    basis: Basis
    mean: Floats
    spread: Floats
    support: Floats
    dual: Floats
    bilinear: Floats
    bias: float
    weights: Floats

    def tell(self, texts: Sequence[str], languages: Sequence[str]) -> Iterable[Told]:
        """Documents as they are compared, in order; ``languages`` are ISO 639-1 codes."""
        return map(self.basis.tell, readings(texts, languages))

    def compare(self, one: Told, other: Told) -> Alike:
        """How alike two documents are. Symmetric."""
        z = (features(one, other) - self.mean) / self.spread
        plain = self.bias + float(z[_PLAIN_AT] @ self.weights)
        fine = self.bias + self._kernel(np.clip(z[_FINE_AT], -CAP, CAP)) + self._products(one, other)
        value = fine + max(plain - fine - ABOVE, 0.0)
        return Alike(min(max(value, 0.0), 1.0), plain)

    def _kernel(self, z: Floats) -> float:
        apart = np.square(self.support - z).sum(axis=1)
        return float(np.exp(-WIDTH / len(z) * apart) @ self.dual)

    def _products(self, one: Told, other: Told) -> float:
        return PRODUCTS * float(
            one.beginnings[0] @ self.bilinear[0] @ other.beginnings[0]
            + one.pooled[0] @ self.bilinear[1] @ other.pooled[0]
        )

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All weights by name, halved in width where that changes nothing to speak of."""
        found: dict[str, NDArray[Any]] = {
            "mean": self.mean,
            "spread": self.spread,
            "support": self.support.astype(np.float16),
            "dual": self.dual,
            "bilinear": self.bilinear.astype(np.float16),
            "bias": np.array(self.bias, dtype=np.float32),
            "weights": self.weights,
        }
        for name in SPACES:
            found[f"projection {name}"] = self.basis.projections[name].astype(np.float16)
            for code, mean in self.basis.means[name].items():
                found[f"mean {name} {code}"] = mean.astype(np.float16)
        for name, rows in self.basis.crowds.items():
            found[f"crowd {name}"] = rows.astype(np.float16)
        return found


def load(arrays: Mapping[str, NDArray[Any]]) -> Scorer:
    """The scorer of what ``Scorer.arrays`` gave. Raises KeyError where something is missing."""
    read = {name: array.astype(np.float32) for name, array in arrays.items()}
    means: dict[str, dict[str, Floats]] = {name: {} for name in SPACES}
    for name, array in read.items():
        kind, _, rest = name.partition(" ")
        if kind == "mean" and rest:
            space, _, code = rest.partition(" ")
            means[space][code] = array
    basis = Basis(
        means,
        {name: read[f"projection {name}"] for name in SPACES},
        {name: read[f"crowd {name}"] for name in ("beginnings", "pooled")},
    )
    return Scorer(
        basis,
        mean=read["mean"],
        spread=read["spread"],
        support=read["support"],
        dual=read["dual"],
        bilinear=read["bilinear"],
        bias=float(read["bias"]),
        weights=read["weights"],
    )


@cache
def scorer() -> Scorer:
    """The packaged scorer. Raises FileNotFoundError where its weights were left out of the package."""
    path = files("tocsin.link.same_story") / "data" / _FILE
    with path.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
        return load({name: stored[name] for name in stored.files})
