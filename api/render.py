"""Templates in two languages: a page's context goes in, HTML comes out. Escapes everything, refuses unknown names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from api.contexts.frame import Frame, NavEntry
from api.names import ROLES
from api.preferences import address, language_of, own_path, theme_of
from api.speech import LANGUAGES, N_, Speech, catalogue, speech
from api.static_files import Asset
from domain.regions import RegionProfile
from store.people import Role

if TYPE_CHECKING:
    from api.visitors import Visitor

EVERYBODY: Final = frozenset(Role)
CENTER: Final = frozenset({Role.ADMIN, Role.ANALYST})
NAV: Final = (  # address, label, whose menu it stands in
    ("/meja", N_("Meja"), CENTER),
    ("/cari", N_("Cari"), EVERYBODY),
    ("/tiket", N_("Tiket"), EVERYBODY),
    ("/peringatan", N_("Peringatan"), EVERYBODY),
    ("/tren", N_("Tren"), EVERYBODY),
    ("/catat", N_("Catat"), CENTER),
    ("/sumber", N_("Sumber"), CENTER),
    ("/mutu", N_("Mutu"), frozenset({Role.ADMIN, Role.ANALYST, Role.LEADER})),
    ("/pengaturan", N_("Pengaturan"), frozenset({Role.ADMIN})),
)
LIVE: Final = {  # numbers that `api.live` tells, and what they count
    "/meja": ("meja.baru", N_("baru")),
    "/tiket": ("tiket.terlambat", N_("terlambat")),
    "/peringatan": ("peringatan.baru", N_("baru")),
}


class Pages:
    """Renders pages. One environment per language, so that a template's messages are looked up once."""

    def __init__(self, assets: Mapping[str, Asset], profiles: Mapping[str, RegionProfile]) -> None:
        self._profiles = profiles
        self._environments = {lang: _environment(lang, assets) for lang in LANGUAGES}

    def render(self, request: Request, template: str, page: object, *, status: int = 200) -> HTMLResponse:
        """Render a template with its page's context and the frame around it."""
        lang = language_of(request)
        html = self._environments[lang].get_template(template).render(page=page, frame=self._frame(request, lang))
        return HTMLResponse(html, status)

    def _frame(self, request: Request, lang: str) -> Frame:
        visitor: Visitor | None = getattr(request.state, "visitor", None)
        says = speech(lang)
        other = next(code for code in LANGUAGES if code != lang)
        shown = request.method == "GET"
        elsewhere = "/cari" if visitor else own_path(request)
        return Frame(
            lang=lang,
            theme=theme_of(request),
            light_href=address(request, tema="light") if shown else f"{elsewhere}?tema=light",
            dark_href=address(request, tema="dark") if shown else f"{elsewhere}?tema=dark",
            lang_href=address(request, lang=other) if shown else f"{elsewhere}?lang={other}",
            nav=_nav(visitor, request.url.path, says) if visitor and not visitor.user.must_change else (),
            user=visitor.user.display if visitor else None,
            role=says.say(ROLES.get(visitor.user.role, visitor.user.role)) if visitor else None,
            csrf=visitor.csrf if visitor else "",
            place=self._place(visitor),
        )

    def _place(self, visitor: Visitor | None) -> str:
        if visitor is None:
            return ""
        return ", ".join(p.short for slug, p in self._profiles.items() if slug in visitor.scope.regions)


def _nav(visitor: Visitor, path: str, says: Speech) -> tuple[NavEntry, ...]:
    mine = (entry for entry in NAV if visitor.user.role in entry[2])
    return tuple(_door(href, says.say(label), path, says) for href, label, _ in mine)


def _door(href: str, label: str, path: str, says: Speech) -> NavEntry:
    current = path == href or path.startswith(f"{href}/")
    if href not in LIVE:
        return NavEntry(href, label, current)
    count, counted = LIVE[href]
    return NavEntry(href, label, current, count, says.say(counted))


def _environment(lang: str, assets: Mapping[str, Asset]) -> Environment:
    environment = Environment(
        loader=PackageLoader("api", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    environment.install_gettext_translations(catalogue(lang), newstyle=True)  # type: ignore[attr-defined]  # the extension adds it
    says: Speech = speech(lang)
    environment.globals["asset"] = lambda name: assets[name].href
    environment.filters["number"] = says.number
    environment.filters["share"] = says.share
    return environment
