"""Sign in, change the password, sign out: plain forms that work without scripts."""

from __future__ import annotations

import secrets
from importlib.resources import files
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FunctionLoader

from studio.api.guard import FailureLimit
from studio.api.identity import Identity
from studio.errors import InputError

Field = Annotated[str, Form(max_length=256)]

_templates = files("studio.api") / "templates"
_environment = Environment(
    loader=FunctionLoader(lambda name: (_templates / name).read_text(encoding="utf-8")),
    autoescape=True,
)


def create_router(identity: Identity, *, limit: FailureLimit) -> APIRouter:
    """Routes `/login`, `/password` and `/logout`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/login")
    def login_form(request: Request, next: str = "/") -> HTMLResponse:  # noqa: A002
        return _page(request, "login.html", next=_local(next))

    @router.post("/login")
    def login(
        request: Request,
        name: Field = "",
        password: Field = "",
        csrf: Field = "",
        next: Field = "/",  # noqa: A002
    ) -> Response:
        key = (name.casefold(), request.client.host if request.client else "")
        again = {"name": name, "next": _local(next)}
        if not _genuine(request, csrf):
            return _page(request, "login.html", status=400, error=STALE, **again)
        if wait_s := limit.wait_s(key):
            error = f"Too many tries. Wait {wait_s:.0f} seconds, then try again."
            return _page(request, "login.html", status=429, error=error, **again)
        try:
            identity.sign_in(request, name, password)
        except InputError as error:
            limit.failed(key)
            return _page(request, "login.html", status=401, error=str(error), **again)
        limit.succeeded(key)
        return RedirectResponse(_local(next), status_code=303)

    @router.get("/password")
    def password_form(request: Request) -> HTMLResponse:
        return _page(request, "password.html", forced=identity.must_change_password(request))

    @router.post("/password")
    def change_password(
        request: Request, old: Field = "", new: Field = "", again: Field = "", csrf: Field = ""
    ) -> Response:
        forced = identity.must_change_password(request)
        try:
            if not _genuine(request, csrf):
                raise InputError(STALE)
            if new != again:
                raise InputError("The two new passwords differ; type the new one twice.")
            identity.change_password(request, old=old, new=new)
        except InputError as error:
            return _page(request, "password.html", status=400, error=str(error), forced=forced)
        return RedirectResponse("/", status_code=303)

    @router.post("/logout")
    def logout(request: Request) -> RedirectResponse:
        request.session.clear()
        return RedirectResponse("/login", status_code=303)

    return router


STALE = "This form was open for too long; please send it again."


def _genuine(request: Request, csrf: str) -> bool:
    expected = request.session.get("csrf", "")
    return bool(expected) and secrets.compare_digest(expected, csrf)


def _local(target: str) -> str:
    """`target` if it is a path of this server, else the front page."""
    foreign = not target.startswith("/") or target.startswith(("//", "/\\", "/login"))
    return "/" if foreign else target


def _page(request: Request, name: str, *, status: int = 200, **values: object) -> HTMLResponse:
    token = request.session.setdefault("csrf", secrets.token_urlsafe(24))
    html = _environment.get_template(name).render(csrf=token, **values)
    return HTMLResponse(html, status_code=status, headers={"Cache-Control": "no-store"})
