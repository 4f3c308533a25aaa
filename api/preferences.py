"""Language and theme: `?lang=` and `?tema=` on any page set a cookie and come back to the page without them."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl, quote, urlencode

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from api.answers import wants_problem
from api.speech import LANGUAGES

CHOICES: Final = {"lang": LANGUAGES, "tema": ("light", "dark", "system")}
COOKIES: Final = {"lang": "jaring_lang", "tema": "jaring_tema"}
A_YEAR: Final = 365 * 24 * 3600


class Preferences:
    """Keeps what a reader chose; nothing else is remembered without a login."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or wants_problem(scope["path"]):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        chosen = {k: v for k in CHOICES if (v := request.query_params.get(k)) in CHOICES[k]}
        if not chosen:
            await self._app(scope, receive, send)
            return
        answer = RedirectResponse(address(request), 303)
        for key, value in chosen.items():
            answer.set_cookie(COOKIES[key], value, max_age=A_YEAR, httponly=True, samesite="lax", secure=self._secure)
        await answer(scope, receive, send)


def address(request: Request, **choice: str) -> str:
    """This page's own address with a choice added and earlier choices taken off."""
    path = own_path(request)
    kept = [(k, v) for k, v in parse_qsl(request.url.query, keep_blank_values=True) if k not in CHOICES]
    query = urlencode([*kept, *choice.items()])
    return f"{path}?{query}" if query else path


def own_path(request: Request) -> str:
    """This page's own path as a link may hold it: never another host, which two slashes or a backslash would name."""
    return "/" + quote(request.url.path.lstrip("/"))


def language_of(request: Request) -> str:
    """The language chosen; Indonesian first."""
    chosen = request.cookies.get(COOKIES["lang"], "")
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def theme_of(request: Request) -> str | None:
    """The theme chosen, None to follow the system."""
    chosen = request.cookies.get(COOKIES["tema"])
    return chosen if chosen in {"light", "dark"} else None
