"""Options that several commands share."""

from __future__ import annotations

import getpass
from pathlib import Path

import click

__all__ = ["author_option", "case_option"]

case_option = click.option(
    "--case",
    "case_dir",
    metavar="DIR",
    required=True,
    type=click.Path(path_type=Path),
    help="The case folder.",
)
author_option = click.option(
    "--author", default=getpass.getuser, help="Who judges; default: your login name."
)
