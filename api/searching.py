"""Builds the search page: asks the index and truth, and gives the page one of its five faces."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from pydantic import ValidationError

from api.asked import PERIODS, Asked
from api.charts import draw
from api.contexts.post import PanelView
from api.contexts.search import Choice, Fault, SearchView
from api.facets import FACET_FIELDS, chips_of, facets_of
from api.finding import answerable, as_possible, find
from api.parts import Parts
from api.speech import N_, Speech
from api.telling import hit_view, panel_view
from api.visitors import Visitor
from domain.errors import NotFound, QueryRefused, Refused, Unavailable
from domain.search import Mode, Order, SearchPage

_MODES = {Mode.TEXT: N_("kata"), Mode.MEANING: N_("makna"), Mode.HYBRID: N_("gabungan")}
_TOLD = {
    Mode.TEXT: "",
    Mode.MEANING: N_("Yang artinya dekat, walau katanya lain. Saringan dan NOT tetap berlaku."),
    Mode.HYBRID: N_("Yang memuat salah satu kata dan yang artinya dekat, disatukan. Saringan dan NOT tetap berlaku."),
}
PERIOD_WORDS = {7: N_("7 hari"), 30: N_("30 hari"), 90: N_("90 hari"), 365: N_("1 tahun"), 0: N_("semua")}


def search_view(parts: Parts, visitor: Visitor, asked: Asked, says: Speech) -> SearchView:
    """The page for a search by a reader."""
    asked = as_possible(parts, asked)
    view = _frame(parts, asked, says)
    if not visitor.scope.regions or visitor.scope.opds == frozenset() or visitor.scope.areas == frozenset():
        return replace(view, face="forbidden", status=403)
    try:
        return _found(parts, visitor, asked, says, view)
    except QueryRefused as refused:
        fault = Fault(asked.q[: refused.position], asked.q[refused.position :], says.say(str(refused)))
        return replace(view, face="refused", status=400, fault=fault)
    except (Refused, ValidationError) as refused:
        message = (
            str(refused) if isinstance(refused, Refused) else says.say("Saringan di alamat ini tidak dapat dipakai.")
        )
        return replace(view, face="refused", status=422, message=message, suggestions=_wider(asked, says))
    except Unavailable:
        return replace(view, face="failing", status=503)


def _found(parts: Parts, visitor: Visitor, asked: Asked, says: Speech, view: SearchView) -> SearchView:
    scope = visitor.scope
    whole = scope.opds is None and scope.areas is None  # others may see a case, and not the ticket that it tells of
    zone = parts.zone(scope, asked.values.get("region", ()))
    answered = answerable(asked)
    by_words = answered.mode is Mode.TEXT
    found = find(parts, answered.query(parts.clock(), zone, facets=FACET_FIELDS), scope)
    fresh = _freshness(parts, visitor, says)
    if by_words:  # a watch matches words, it does not go by meaning
        view = replace(view, watch_href=asked.changed().href("/peringatan/baru"))
    if not found.items and not asked.after:
        wider = _wider(asked, says, by_meaning=parts.encoder is not None)
        return replace(view, face="empty", suggestions=wider, **fresh)
    picked = _picked(found, asked)
    return replace(
        view,
        summary=_summary(found, says, nearest=not by_words),
        total=found.total,
        shown=found.stories if asked.fold else found.total,
        facets=facets_of(found.facets, asked, parts.names, says, regions=len(scope.regions)),
        chart=draw(parts, asked, scope, zone, says) if by_words else None,  # it counts words
        orders=_orders(asked, answered.ordered, says),
        fold=Choice(says.say("lipat yang serupa"), asked.changed(fold=not asked.fold).href(), asked.fold),
        hits=tuple(
            hit_view(parts, hit, asked, says, picked=hit.document.id == picked, tell_ticket=whole)
            for hit in found.items
        ),
        next_href=asked.changed(after=found.next).href() if found.next else None,
        start_href=asked.changed().href() if asked.after else None,
        csv_href=asked.changed().href("/cari/unduh.csv"),
        xlsx_href=asked.changed().href("/cari/unduh.xlsx"),
        panel=_panel(parts, visitor, picked, asked, says),
        place=next((n for n, hit in enumerate(found.items, 1) if hit.document.id == picked), 0),
        **fresh,
    )


def _frame(parts: Parts, asked: Asked, says: Speech) -> SearchView:
    """What stands there whatever is found."""
    hidden = [pair for pair in parse_qsl(urlsplit(asked.href()).query) if pair[0] not in {"q", "setelah", "pilih"}]
    return SearchView(
        face="results",
        status=200,
        q=asked.q,
        hidden=tuple(hidden),
        periods=tuple(
            Choice(
                says.say(PERIOD_WORDS[days]),
                asked.changed(days=days, first=None, last=None).href(),
                not asked.has_days and asked.days == days,
            )
            for days in PERIODS
        ),
        first=asked.first.isoformat() if asked.first else "",
        last=asked.last.isoformat() if asked.last else "",
        chips=chips_of(asked, parts.names, says),
        modes=_modes(asked, says) if parts.encoder else (),
        told=says.say(_TOLD[asked.mode]) if asked.q else "",
    )


def _panel(parts: Parts, visitor: Visitor, picked: str | None, asked: Asked, says: Speech) -> PanelView | None:
    if picked is None:
        return None
    try:
        return panel_view(parts, parts.store.cases.detail(picked, visitor.scope), visitor, asked, says)
    except NotFound:
        return None


def _picked(found: SearchPage, asked: Asked) -> str | None:
    ids = [hit.document.id for hit in found.items]
    return asked.pick if asked.pick in ids else next(iter(ids), None)


def _summary(found: SearchPage, says: Speech, *, nearest: bool) -> str:
    words = N_("%(cases)s kiriman terdekat · %(stories)s masalah berbeda")
    return says.say(
        words if nearest else "%(cases)s kiriman · %(stories)s masalah berbeda",
        cases=says.number(found.total),
        stories=says.number(found.stories),
    )


def _orders(asked: Asked, chosen: Order, says: Speech) -> tuple[Choice, ...]:
    words = {Order.NEWEST: says.say("terbaru"), Order.BEST: says.say("paling cocok")}
    return tuple(Choice(words[o], asked.changed(order=o).href(), chosen is o) for o in Order)


def _modes(asked: Asked, says: Speech) -> tuple[Choice, ...]:
    """What a search may go by. The order is the mode's own until another is chosen."""
    return tuple(
        Choice(says.say(word), asked.changed(mode=mode, order=None).href(), asked.mode is mode)
        for mode, word in _MODES.items()
    )


def _wider(asked: Asked, says: Speech, *, by_meaning: bool = False) -> tuple[Choice, ...]:
    """Searches that find more."""
    choices = []
    if asked.days or asked.has_days:
        choices.append(Choice(says.say("Cari di seluruh waktu"), asked.changed(days=0, first=None, last=None).href()))
    if asked.values or asked.oversight:
        choices.append(Choice(says.say("Lepas semua saringan"), asked.changed(values={}, oversight=False).href()))
    if by_meaning and asked.mode is Mode.TEXT and asked.q:
        choices.append(Choice(says.say("Cari menurut makna"), asked.changed(mode=Mode.MEANING, order=None).href()))
    if asked.mode is not Mode.TEXT:
        choices.append(Choice(says.say("Cari menurut kata"), asked.changed(mode=Mode.TEXT, order=None).href()))
    if asked.q:
        choices.append(Choice(says.say("Lihat semua kiriman"), Asked().href()))
    return tuple(choices)


def _freshness(parts: Parts, visitor: Visitor, says: Speech) -> dict[str, Any]:
    newest, now = parts.index.status().newest, parts.clock()
    if newest is None:
        return {}
    zone = parts.zone(visitor.scope)
    told = says.ago(newest, now, zone)
    return {"stale": told} if now - newest > parts.settings.stale_after else {"updated": told}
