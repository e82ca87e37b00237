"""What every handler shares: who is asking, for which campaign, and how errors read."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import gradio as gr
from starlette.requests import Request

from studio.domain.person import Person
from studio.errors import StudioError
from studio.ui.services import SignIn

P = ParamSpec("P")
R = TypeVar("R")


def tells_user(handler: Callable[P, R]) -> Callable[P, R]:
    """Show a `StudioError` as a message; let every other exception surface as a bug."""

    @wraps(handler)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return handler(*args, **kwargs)
        except StudioError as error:
            raise gr.Error(str(error), print_exception=False) from error

    return wrapped


def who(sign_in: SignIn, request: gr.Request | Request) -> Person:
    """Who is asking, as the sign-in established it, with today's role.

    Events bring Gradio's request, which carries the checked name; functions that a component
    calls bring the plain one.
    """
    if isinstance(request, gr.Request):
        return sign_in.person(request.username)
    return sign_in.person(sign_in.name_of(request))


def campaign_in(request: gr.Request) -> str:
    """Slug in the page's address, empty if there is none."""
    return str(dict(request.query_params).get("campaign", ""))
