"""Who may sign in: tokens by hash, and the key that signs sessions, in one file of the case folder.

A token is 256 random bits, shown once. The file keeps its BLAKE2b digest: a random token needs no salt and
no slow hash. The file is read again when it changed, so that a token added or removed on the command line
counts at once.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass, field
from enum import StrEnum
from hmac import compare_digest
from pathlib import Path
from typing import Any

from tocsin.errors import NoInputError, UsageError
from tocsin.serve.kept_file import KeptFile

__all__ = ["Role", "Token", "TokenBook"]

_FILE = "serve.json"
_PREFIX = "tocsin_"


class Role(StrEnum):
    """What a token allows: to look, to judge and upload as well, to see to the workbench as well."""

    READER = "reader"
    ANALYST = "analyst"
    ADMIN = "admin"

    def allows(self, needed: Role) -> bool:
        """Whether this role is the needed one or more."""
        order = list(Role)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True)
class Token:
    """One token as it is kept. ``name`` is the author of every judgement made with it."""

    token_id: str
    name: str
    role: Role
    digest: str
    created: int


@dataclass(frozen=True, slots=True)
class _Content:
    secret: bytes
    tokens: tuple[Token, ...] = ()
    ended: dict[str, int] = field(default_factory=dict)


def _digest(token: str) -> str:
    return hashlib.blake2b(token.encode("utf-8", "surrogatepass"), digest_size=32).hexdigest()


class TokenBook:
    """The tokens of one case."""

    def __init__(self, case: Path) -> None:
        empty = _Content(secrets.token_bytes(32))
        self._file = KeptFile(case / _FILE, empty, _read, _written, "Delete it and make new tokens")

    @property
    def secret(self) -> bytes:
        """The key that signs sessions; made with the first token."""
        return self._file.now().secret

    def tokens(self) -> tuple[Token, ...]:
        return self._file.now().tokens

    def add(self, name: str, role: Role) -> str:
        """Make a token and return it: it can't be read again. Raises UsageError for a name taken."""
        name = name.strip()
        if not name or len(name) > 100 or not name.isprintable():
            raise UsageError(f"{name!r} is no name for a token", remedy="Give 1 to 100 printable characters")
        token = _PREFIX + secrets.token_urlsafe(32)
        made = Token(secrets.token_hex(6), name, role, _digest(token), int(time.time()))

        def change(content: _Content) -> _Content:
            if name in {t.name for t in content.tokens}:
                raise UsageError(f"there is a token named {name!r}", remedy="Choose another name")
            return _Content(content.secret, (*content.tokens, made), content.ended)

        self._file.change(change)
        return token

    def remove(self, name: str) -> None:
        """Forget a token: it and the sessions begun with it end at once. Raises NoInputError."""

        def change(content: _Content) -> _Content:
            kept = tuple(t for t in content.tokens if t.name != name)
            if len(kept) == len(content.tokens):
                raise NoInputError(
                    f"there is no token named {name!r}", remedy="See 'tocsin serve token list'"
                )
            return _Content(content.secret, kept, content.ended)

        self._file.change(change)

    def find(self, token: str) -> Token | None:
        """The token kept with this digest; every one is compared, in constant time."""
        digest = _digest(token)
        found = None
        for kept in self.tokens():
            if compare_digest(kept.digest, digest):
                found = kept
        return found

    def by_id(self, token_id: str) -> Token | None:
        return next((t for t in self.tokens() if t.token_id == token_id), None)

    # --- sessions that were ended before their time -----------------------------------------------

    def end_session(self, session: str, expires: int) -> None:
        """Remember that a session ended, until it would have expired."""
        now = int(time.time())

        def change(content: _Content) -> _Content:
            kept = {key: until for key, until in content.ended.items() if until > now}
            return _Content(content.secret, content.tokens, kept | {session: expires})

        self._file.change(change)

    def is_ended(self, session: str) -> bool:
        return session in self._file.now().ended


def _read(raw: Any) -> _Content:
    tokens = tuple(
        Token(t["id"], t["name"], Role(t["role"]), t["digest"], t["created"]) for t in raw["tokens"]
    )
    return _Content(bytes.fromhex(raw["secret"]), tokens, dict(raw["ended"]))


def _written(content: _Content) -> dict[str, Any]:
    tokens = [
        {"id": t.token_id, "name": t.name, "role": str(t.role), "digest": t.digest, "created": t.created}
        for t in content.tokens
    ]
    return {"secret": content.secret.hex(), "tokens": tokens, "ended": content.ended}
