"""Importing the package loads neither engine, dictionary nor gazetteer."""

from __future__ import annotations

import subprocess
import sys

import tocsin.resolve
import tocsin.resolve.times


def test_import_is_light() -> None:
    code = (
        "import sys, tocsin.resolve as r;"
        "heavy = {'pyarrow', 'pymorphy3', 'yaml', 'duckdb', 'babel'} & set(sys.modules);"
        "assert not heavy, heavy;"
        "assert not r.load_gazetteer.cache_info().currsize"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_all_is_sorted() -> None:
    for module in (tocsin.resolve, tocsin.resolve.times):
        assert list(module.__all__) == sorted(module.__all__)
