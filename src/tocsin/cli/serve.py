"""``tocsin serve``: the workbench in a browser, and its tokens."""

from __future__ import annotations

import getpass
import ipaddress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.cli.options import case_option
from tocsin.errors import UsageError
from tocsin.settings import Settings

if TYPE_CHECKING:
    from tocsin.serve.tokens import Role, TokenBook

__all__ = ["serve"]

_ROLES = ("reader", "analyst", "admin")
#: Seconds an idle connection is kept. The server's own 5 are about as long as a reader takes for a page, so
#: that the next click often met a connection just being closed.
_KEPT_OPEN = 75


@click.group(invoke_without_command=True)
@click.option("--case", "case_dir", metavar="DIR", type=click.Path(path_type=Path), help="The case folder.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True)
@click.option(
    "--allow-host",
    "hosts",
    metavar="NAME",
    multiple=True,
    help="A name under which the workbench may be asked, e.g. behind a proxy; repeatable.",
)
@click.option(
    "--set",
    "settings",
    metavar="NAME=VALUE",
    multiple=True,
    help="A setting for what is uploaded; repeatable.",
)
@click.pass_context
def serve(
    context: click.Context,
    case_dir: Path | None,
    host: str,
    port: int,
    hosts: tuple[str, ...],
    settings: tuple[str, ...],
) -> None:
    """Open the workbench over a case in a browser, while adding and watching go on.

    It answers on this machine alone unless told otherwise, and nobody without a token: the first is printed
    at the first start and can't be shown again.
    """
    if context.invoked_subcommand is not None:
        return
    if case_dir is None:
        raise UsageError("which case?", remedy="Give it with --case DIR")
    import uvicorn

    from tocsin.serve.app import create_app

    app = create_app(case_dir, settings=Settings.from_arguments(settings), hosts=hosts)
    book: TokenBook = app.state.bench.access.book
    if not book.tokens():
        name = getpass.getuser()
        click.echo(f"token of {name} (admin), shown this once: {book.add(name, _role('admin'))}", err=True)
    if not _is_loopback(host):
        click.echo(
            "listening beyond this machine: put a proxy with TLS before it, tokens travel in the clear",
            err=True,
        )
    click.echo(f"http://{host}:{port}/", err=True)
    app.state.bench.reader.start()
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        access_log=False,
        timeout_keep_alive=_KEPT_OPEN,
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@serve.group()
def token() -> None:
    """Make, list and remove the tokens people sign in with."""


def _book(case_dir: Path) -> TokenBook:
    import tocsin
    from tocsin.serve.tokens import TokenBook

    tocsin.Case(case_dir, create=False).close()  # refuses what is no case
    return TokenBook(case_dir)


def _role(name: str) -> Role:
    from tocsin.serve.tokens import Role

    return Role(name)


@token.command("add")
@case_option
@click.option("--name", required=True, help="Whose it is: the author of what is judged with it.")
@click.option("--role", type=click.Choice(_ROLES), default="analyst", show_default=True)
def add(case_dir: Path, name: str, role: str) -> None:
    """Make a token and print it: it can't be shown again."""
    click.echo(_book(case_dir).add(name, _role(role)))


@token.command("list")
@case_option
def list_(case_dir: Path) -> None:
    """List the tokens by name and role."""
    from datetime import UTC, datetime

    for kept in _book(case_dir).tokens():
        click.echo(f"{kept.name}\t{kept.role}\t{datetime.fromtimestamp(kept.created, UTC):%Y-%m-%d}")


@token.command("remove")
@case_option
@click.option("--name", required=True, help="Whose.")
def remove(case_dir: Path, name: str) -> None:
    """Remove a token: sessions begun with it end at once."""
    _book(case_dir).remove(name)
    click.echo(f"removed the token of {name}")
