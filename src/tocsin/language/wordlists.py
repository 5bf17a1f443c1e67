"""Packaged lists of words: YAML files beside the code that reads them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["read_words"]


@cache
def read_words(package: str, name: str) -> Any:
    """The file ``data/<name>.yaml`` of a package, read once a process; nobody may change what is returned.

    Every scalar is a string: «no», «on» and «01» are words here, no booleans and no numbers. The loader is
    libyaml's where PyYAML has it, ten times as fast as its own. Raises FileNotFoundError.
    """
    import yaml

    text = files(package).joinpath("data", f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))  # noqa: S506
