"""Sign in, change the password, sign out: plain forms that work without scripts."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from importlib.resources import files
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FunctionLoader
from pydantic import BaseModel, StringConstraints

from studio.api.guard import FailureLimit
from studio.api.identity import Identity
from studio.errors import InputError

Field = Annotated[str, StringConstraints(max_length=256)]

_templates = files("studio.api") / "templates"
_environment = Environment(
    loader=FunctionLoader(lambda name: (_templates / name).read_text(encoding="utf-8")),
    autoescape=True,
)


class LoginForm(BaseModel):
    """What the sign-in form sends."""

    name: Field = ""
    password: Field = ""
    csrf: Field = ""
    next: Field = "/"


class PasswordForm(BaseModel):
    """What the password form sends."""

    old: Field = ""
    new: Field = ""
    again: Field = ""
    csrf: Field = ""


STALE = "This form was open for too long; please send it again."


def create_router(identity: Identity, *, limit: FailureLimit) -> APIRouter:
    """Routes `/login`, `/password` and `/logout`."""
    forms = Forms(identity, limit)
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/login", forms.show_login, methods=["GET"])
    router.add_api_route("/login", forms.login, methods=["POST"])
    router.add_api_route("/password", forms.show_password, methods=["GET"])
    router.add_api_route("/password", forms.change_password, methods=["POST"])
    router.add_api_route("/logout", forms.logout, methods=["POST"])
    return router


@dataclass(frozen=True, slots=True)
class Forms:
    """What each form shows and does."""

    identity: Identity
    limit: FailureLimit

    def show_login(self, request: Request, next: str = "/") -> Response:  # noqa: A002
        return _page(request, "login.html", next=_local(next))

    def login(self, request: Request, form: Annotated[LoginForm, Form()]) -> Response:
        key = (form.name.casefold(), request.client.host if request.client else "")
        wait_s = self.limit.wait_s(key)
        if not _genuine(request, form.csrf):
            return _login_again(request, form, status=400, error=STALE)
        if wait_s:
            error = f"Too many tries. Wait {wait_s:.0f} seconds, then try again."
            return _login_again(request, form, status=429, error=error)
        try:
            self.identity.sign_in(request, form.name, form.password)
        except InputError as error:
            self.limit.failed(key)
            return _login_again(request, form, status=401, error=str(error))
        self.limit.succeeded(key)
        return RedirectResponse(_local(form.next), status_code=303)

    def show_password(self, request: Request) -> Response:
        forced = self.identity.must_change_password(request)
        return _page(request, "password.html", forced=forced)

    def change_password(
        self, request: Request, form: Annotated[PasswordForm, Form()]
    ) -> Response:
        forced = self.identity.must_change_password(request)
        try:
            if not _genuine(request, form.csrf):
                raise InputError(STALE)
            if form.new != form.again:
                raise InputError("The two new passwords differ; type the new one twice.")
            self.identity.change_password(request, old=form.old, new=form.new)
        except InputError as error:
            return _page(request, "password.html", status=400, error=str(error), forced=forced)
        return RedirectResponse("/", status_code=303)

    def logout(self, request: Request) -> Response:
        request.session.clear()
        return RedirectResponse("/login", status_code=303)


def _login_again(request: Request, form: LoginForm, *, status: int, error: str) -> Response:
    shown = {"name": form.name, "next": _local(form.next), "error": error}
    return _page(request, "login.html", status=status, **shown)


def _genuine(request: Request, csrf: str) -> bool:
    expected = request.session.get("csrf", "")
    return bool(expected) and secrets.compare_digest(expected, csrf)


def _local(target: str) -> str:
    """`target` if it is a path of this server, else the front page."""
    foreign = not target.startswith("/") or target.startswith(("//", "/\\", "/login"))
    return "/" if foreign else target


def _page(
    request: Request, template: str, *, status: int = 200, **values: object
) -> HTMLResponse:
    token = request.session.setdefault("csrf", secrets.token_urlsafe(24))
    html = _environment.get_template(template).render(csrf=token, **values)
    return HTMLResponse(html, status_code=status, headers={"Cache-Control": "no-store"})
