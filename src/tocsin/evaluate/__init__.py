"""Measuring tocsin, or any other tool, on labelled files of your own.

``run.evaluate`` reads a file of annotations, asks a system (or a file of predictions), and gives a report
with the figures the field uses. ``gold`` reads the formats, ``systems`` says what can be measured, ``scores``
holds the definitions. Light to import: numpy and models load with ``run``.
"""

from __future__ import annotations

from tocsin.evaluate.options import TASKS, Options

__all__ = ["TASKS", "Options"]
