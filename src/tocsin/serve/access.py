"""Letting requests in: token or session, role, host, origin, forgery, rate; before a body is read.

Every route is ``Guarded`` and declares who may use it (``@needs(Role.READER)``, or ``@open_to_all`` for the
sign-in page); one that declares nothing can't be made. A browser has a session in a cookie; everything else
sends ``Authorization: Bearer``.
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, TypeVar, get_origin
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from tocsin.errors import (
    ForbiddenError,
    ForgedRequestError,
    InternalError,
    NotSignedInError,
    TooLargeError,
    WrongHostError,
)
from tocsin.serve.limits import Limits, Rate
from tocsin.serve.tokens import Role, Token, TokenBook

__all__ = ["CSRF_FIELD", "SESSION", "Access", "Guarded", "Visitor", "needs", "open_to_all", "visitor_of"]

SESSION = "tocsin_session"
CSRF_FIELD = "csrf"
_SESSION_SECONDS = 12 * 3600
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks: the token's name and role. ``session`` is empty for a request with a bearer token."""

    name: str
    role: Role
    token_id: str
    session: str = ""
    csrf: str = ""
    expires: int = 0

    def may(self, role: str) -> bool:
        """Whether the role allows what ``role`` allows."""
        return self.role.allows(Role(role))


def needs(role: Role, *, upload: bool = False) -> Callable[[Endpoint], Endpoint]:
    """Declare the role a route needs; ``upload``: its body may be as long as a file."""

    def declare(endpoint: Endpoint) -> Endpoint:
        endpoint.needed_role = role  # type: ignore[attr-defined]
        endpoint.upload = upload  # type: ignore[attr-defined]
        return endpoint

    return declare


def open_to_all(endpoint: Endpoint) -> Endpoint:
    """Declare that a route needs no token."""
    endpoint.needed_role = None  # type: ignore[attr-defined]
    return endpoint


def visitor_of(request: Request) -> Visitor:
    """Who asks, once let in; raises NotSignedInError."""
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    if visitor is None:
        raise NotSignedInError("there is no token with the request")
    return visitor


class Access:
    """The doorkeeper of one workbench."""

    def __init__(self, book: TokenBook, limits: Limits, hosts: Iterable[str] = ()) -> None:
        self.book = book
        self.limits = limits
        self.hosts = _LOOPBACK | {host.lower() for host in hosts}
        self._requests = Rate(limits.requests, 20 * limits.requests)
        self._sign_ins = Rate(limits.sign_ins / 60, limits.sign_ins)

    # --- sessions --------------------------------------------------------------------------------

    def sign_in(self, request: Request, token: str) -> str:
        """The value of the cookie for a good token; raises NotSignedInError, TooManyRequestsError."""
        found = self._checked(request, token)
        expires = int(time.time()) + _SESSION_SECONDS
        body = f"{found.token_id}.{secrets.token_hex(16)}.{expires}"
        return f"{body}.{self._sign('session', body)}"

    def sign_out(self, visitor: Visitor) -> None:
        """End a session before its time."""
        if visitor.session:
            self.book.end_session(visitor.session, visitor.expires)

    def _checked(self, request: Request, token: str) -> Token:
        found = self.book.find(token)
        if found is None:
            # Only failures count: a good token can't be guessed by asking often.
            self._sign_ins.spend(request.client.host if request.client else "")
            raise NotSignedInError("the token is not known")
        return found

    def _sign(self, purpose: str, body: str) -> str:
        message = f"{purpose}:{body}".encode()
        return hmac.new(self.book.secret, message, lambda: blake2b(digest_size=32)).hexdigest()

    def visitor(self, request: Request) -> Visitor:
        """Who asks; raises NotSignedInError, TooManyRequestsError."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme:
            if scheme.lower() != "bearer":
                raise NotSignedInError("the authorization is no bearer token")
            found = self._checked(request, token.strip())
            return Visitor(found.name, found.role, found.token_id)
        body, _, signature = request.cookies.get(SESSION, "").rpartition(".")
        parts = body.split(".")
        good = hmac.compare_digest(signature.encode(), self._sign("session", body).encode())
        if not good or len(parts) != 3 or int(parts[2]) < time.time():
            raise NotSignedInError("there is no token with the request")
        kept = self.book.by_id(parts[0])
        if kept is None or self.book.is_ended(parts[1]):
            raise NotSignedInError("the session has ended")
        csrf = self._sign("csrf", parts[1])
        return Visitor(kept.name, kept.role, kept.token_id, parts[1], csrf, int(parts[2]))

    # --- one request -----------------------------------------------------------------------------

    def admit(self, request: Request, needed: Role | None, *, upload: bool = False) -> None:
        """Let a request in as far as its head tells, or raise; the visitor is in its state then."""
        self.check_host(request)
        length = request.headers.get("content-length", "0")
        limit = self.limits.upload + (1 << 16) if upload else self.limits.body
        if not length.isdecimal() or int(length) > limit:
            raise TooLargeError(f"the request is longer than {limit:,} bytes")
        request.state.visitor = None
        if needed is None:
            with suppress(NotSignedInError):
                request.state.visitor = self.visitor(request)
        else:
            visitor = self.visitor(request)
            self._requests.spend(visitor.token_id)
            request.state.visitor = visitor
            if not visitor.role.allows(needed):
                raise ForbiddenError(
                    f"this needs the role {needed}, the token {visitor.name!r} is {visitor.role}"
                )
        if request.method not in _SAFE and "authorization" not in request.headers:
            self._check_origin(request)

    def check_host(self, request: Request) -> None:
        """Refuse a name that is not ours: a page elsewhere may point its own name at this address."""
        host = request.headers.get("host", "")
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            name = ""
        if name.lower() not in self.hosts:
            raise WrongHostError(f"the workbench is not known as {host[:100]!r}")

    def _check_origin(self, request: Request) -> None:
        origin = request.headers.get("origin")
        site = request.headers.get("sec-fetch-site")
        if site not in {None, "same-origin", "none"}:
            raise ForgedRequestError("the form was sent from another site")
        if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
            raise ForgedRequestError("the form was sent from another origin")

    async def check_form(self, request: Request) -> None:
        """Refuse a change asked for with a session but without the session's own secret."""
        visitor: Visitor | None = request.state.visitor
        if request.method in _SAFE or visitor is None or not visitor.session:
            return
        given: str | UploadFile | None = request.headers.get("x-csrf-token")
        if given is None:
            given = (await request.form()).get(CSRF_FIELD)
        if not isinstance(given, str) or not hmac.compare_digest(given.encode(), visitor.csrf.encode()):
            await request.close()
            raise ForgedRequestError("the form does not belong to this session")


def _bound(request: Request, limit: int) -> None:
    """Stop reading a body that is longer than it may be, whatever its head says."""
    receive = request._receive
    left = limit + (1 << 16)

    async def counted() -> Any:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            # The parser of the body makes any error its own; the handler of errors asks for this one.
            request.state.too_large = TooLargeError(f"the request is longer than {limit:,} bytes")
            raise request.state.too_large
        return message

    request._receive = counted


def _drop_empty(request: Request) -> None:
    """Forget the fields of a form that were left empty: a browser sends them all."""
    query = parse_qsl(request.scope["query_string"].decode("latin-1"))
    request.scope["query_string"] = urlencode(query).encode()


def _lists_of(dependant: Dependant) -> frozenset[str]:
    """The parameters of the query string that may be given several times."""
    fields: dict[str, Any] = {}
    for parameter in dependant.query_params:
        annotation = parameter.field_info.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            fields |= {name: field.annotation for name, field in annotation.model_fields.items()}
        else:
            fields[parameter.name] = annotation
    return frozenset(name for name, kind in fields.items() if get_origin(kind) in {list, tuple, frozenset})


class Guarded(APIRoute):
    """A route that lets a request in before anything else of it is looked at."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **values: Any) -> None:
        if not hasattr(endpoint, "needed_role"):
            raise InternalError(f"the route {path} does not say who may use it")
        self.needed_role: Role | None = endpoint.needed_role
        self.upload = bool(getattr(endpoint, "upload", False))
        super().__init__(path, endpoint, **values)
        self._lists = _lists_of(self.dependant)

    def _refuse_repeated(self, request: Request) -> None:
        """Refuse one value given twice: the framework would take the last in silence."""
        counts = Counter(name for name, _ in request.query_params.multi_items())
        repeated = sorted(name for name, count in counts.items() if count > 1 and name not in self._lists)
        if repeated:
            raise RequestValidationError(
                [
                    {"type": "repeated", "loc": ("query", name), "msg": "given more than once", "input": None}
                    for name in repeated
                ]
            )

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        inner = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            bench = request.app.state.bench
            if not request.scope["path"].startswith("/api/"):
                _drop_empty(request)
            bench.access.admit(request, self.needed_role, upload=self.upload)
            _bound(request, bench.access.limits.upload if self.upload else bench.access.limits.body)
            await bench.access.check_form(request)
            unchanged = await run_in_threadpool(bench.unchanged, request)
            if unchanged is not None:
                return unchanged  # type: ignore[no-any-return]
            self._refuse_repeated(request)
            response = await inner(request)
            bench.stamp(request, response)
            return response

        return guarded
