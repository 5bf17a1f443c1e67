"""Shared fixtures. Sockets are blocked by the test command; seeds are printed by Hypothesis."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# The suite tries the same examples every time, so that a failure is the change's own; `make fuzz` looks for
# new counterexamples: random ones, many more of them, with the blob that repeats a failure printed.
settings.register_profile(
    "tocsin",
    deadline=None,  # machines are noisy: timings live in benchmarks, never in tests
    print_blob=True,
    derandomize=True,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile("fuzz", settings.get_profile("tocsin"), derandomize=False, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "tocsin"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests marked ``shared`` or ``browser`` run only when asked for; then what they need and lack is a
    failure, not a skip.
    """
    left_out = [m for m in ("shared", "browser") if os.environ.get(f"TOCSIN_{m.upper()}") != "1"]
    dropped = [item for item in items if any(item.get_closest_marker(m) for m in left_out)]
    config.hook.pytest_deselected(items=dropped)
    items[:] = [item for item in items if item not in set(dropped)]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared data; fails loudly when it is missing."""
    folder = Path(os.environ.get("TOCSIN_SHARED_DIR", Path(__file__).parents[2] / "shared"))
    if not (folder / "data").is_dir():
        pytest.fail(f"TOCSIN_SHARED=1, but there is no data in {folder}")
    return folder


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The folder of a case of the demo corpus, derived once for all processes: look, or work on a copy."""
    from filelock import FileLock

    from tocsin.testing.demo_scores import demo_case

    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "demo" / "case"
    with FileLock(f"{folder.parent}.lock"):
        if not folder.exists():
            folder.parent.mkdir(exist_ok=True)
            demo_case(folder.with_name("half made")).close()
            folder.with_name("half made").rename(folder)
    return folder
