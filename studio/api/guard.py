"""What stands between the network and everything else: who may pass, and how often."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address
from time import monotonic
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from studio.api.identity import Identity
from studio.errors import InputError

PUBLIC = ("/login", "/health", "/favicon.ico", "/fonts/")
"""Paths that answer without a sign-in."""

SECURITY_HEADERS = {
    # The page toolkit builds its templates with inline scripts and `new Function`.
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src 'self' data:; connect-src 'self'; object-src 'none'; "
        "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server bound to `host`."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def require_loopback(host: str) -> None:
    """Refuse to serve without sign-in where other machines could connect."""
    if not is_loopback(host):
        raise InputError(
            f"--no-auth serves on this machine only, not on {host}; "
            "leave it out, or bind to 127.0.0.1."
        )


@dataclass(slots=True)
class FailureLimit:
    """Counts failed sign-ins per key and says when to wait."""

    most: int = 5
    window_s: float = 60.0
    clock: Callable[[], float] = monotonic
    _failures: dict[tuple[str, str], deque[float]] = field(default_factory=dict)

    def wait_s(self, key: tuple[str, str]) -> float:
        """Seconds until the key may try again; 0 when it may try now."""
        recent = self._recent(key)
        if len(recent) < self.most:
            return 0.0
        return max(0.0, recent[0] + self.window_s - self.clock())

    def failed(self, key: tuple[str, str]) -> None:
        """Note one failure."""
        for stale in [known for known in self._failures if not self._recent(known)]:
            del self._failures[stale]
        self._failures.setdefault(key, deque()).append(self.clock())

    def succeeded(self, key: tuple[str, str]) -> None:
        """Forget the key's failures."""
        self._failures.pop(key, None)

    def _recent(self, key: tuple[str, str]) -> deque[float]:
        recent = self._failures.get(key, deque())
        while recent and recent[0] + self.window_s <= self.clock():
            recent.popleft()
        return recent


class Gate:
    """Lets nobody in without a sign-in, and nothing in from a foreign page."""

    def __init__(self, app: ASGIApp, identity: Identity) -> None:
        self._app = app
        self._identity = identity

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        answer = self._refusal(Request(scope))
        await (answer or self._app)(scope, receive, send_with_headers)

    def _refusal(self, request: Request) -> Response | None:
        if not self._own_host(request.headers) or not same_origin(request):
            return JSONResponse({"detail": "Request from another site."}, status_code=403)
        path = request.url.path
        if path.startswith(PUBLIC):
            return None
        if self._identity.name_of(request) is None:
            return _turned_away(request, f"/login?next={path}", 401)
        must_change = path != "/password" and self._identity.must_change_password(request)
        return _turned_away(request, "/password", 403) if must_change else None

    def _own_host(self, headers: Headers) -> bool:
        """Without sign-in, a foreign name that resolves to this machine must not pass."""
        return self._identity.required or is_loopback(_hostname(headers.get("host", "")))


def same_origin(request: Request) -> bool:
    """Whether a changing request comes from one of our own pages, or from no page at all."""
    origin = request.headers.get("origin")
    if request.method in ("GET", "HEAD", "OPTIONS") or origin is None:
        return True
    return urlsplit(origin).netloc == request.headers.get("host", "")


def _hostname(host: str) -> str:
    return urlsplit(f"//{host}").hostname or ""


def _turned_away(request: Request, to: str, status: int) -> Response:
    if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
        return RedirectResponse(to, status_code=303)
    return JSONResponse({"detail": "Sign in first."}, status_code=status)
