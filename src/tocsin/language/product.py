"""Matrix products whose rows do not depend on each other.

BLAS rounds a row differently by where it stands and how many stand beside it, and differently on every kind
of processor: a sentence's vector would change in its last bits with the sentences it is read together with.
The kernels of onnxruntime (MLAS) sum every element over the inner dimension in one order, whatever the number
of rows, as long as there are two; they are as fast. numpy with rows filled up to a fixed number was tried:
it holds on processors with AVX-512 and not on others. ``tests/language/test_product.py`` holds it here.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["product"]

Floats = NDArray[np.float32]

#: A graph of one node, c = MatMul(a, b), float32, no sizes fixed: ``onnx.helper.make_model`` with IR version
#: 8 and operator set 13, serialised.
_GRAPH: Final = bytes.fromhex(
    "08083a4f0a110a01610a016212016322064d61744d756c120770726f647563745a0f0a0161120a0a"
    "08080112040a000a005a0f0a0162120a0a08080112040a000a00620f0a0163120a0a08080112040a"
    "000a0042040a00100d"
)


@cache
def _session() -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(_GRAPH, options, providers=["CPUExecutionProvider"])


def product(left: Floats, right: Floats) -> Floats:
    """``left @ right`` of shapes (n, k) and (k, m); each row to the same bytes in any company."""
    single = len(left) == 1
    rows = np.concatenate([left, left]) if single else left
    found: Floats = _session().run(None, {"a": rows, "b": right})[0]
    return found[:1] if single else found
