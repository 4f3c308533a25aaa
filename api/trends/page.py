"""Builds the trend page: the filter, and each panel by itself, so that one that fails takes no other with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from pydantic import ValidationError

from api.contexts.search import Choice
from api.contexts.trends import PanelView, TrendView
from api.names import Names
from api.parts import Parts
from api.speech import N_, Speech
from api.trends.asked import PATH, PERIODS, TrendAsked
from api.trends.choices import chips_of, selects_of
from api.trends.keep import Keep
from api.trends.panel import Lead, Panel
from api.trends.question import Question
from api.trends.svg import legend_on_page, on_page
from api.trends.teller import Teller
from api.visitors import Visitor
from domain.errors import QueryRefused, Refused, Unavailable

PERIOD_WORDS: Final = {7: N_("7 hari"), 30: N_("30 hari"), 90: N_("90 hari"), 365: N_("1 tahun")}
WHOLE: Final = "lengkap"  # asks for a page that waits for every panel
DATES: Final = frozenset({"dari", "sampai"})  # fields of the form that stand over "hari"


def question_of(parts: Parts, visitor: Visitor, asked: TrendAsked) -> Question:
    """The question that a reader's address puts."""
    zone = parts.zone(visitor.scope, asked.asked.values.get("region", ()))
    now = parts.clock()
    stretch = asked.stretch(now.astimezone(zone).date())
    return Question(parts, visitor.scope, asked, stretch, zone, now)


def teller_of(question: Question, says: Speech) -> Teller:
    """Who says the answers to that reader."""
    parts = question.parts

    def told() -> dict[str, str]:  # once for all panels: every number of a source names it
        return question.once("names", lambda: {spec.key: spec.name for spec in question.specs()})

    names = Names(parts.taxonomy, parts.profiles, told)
    return Teller(says, names, question.asked, question.stretch, question.now, question.zone)


def trend_view(  # noqa: PLR0913  who asks for what, in which words
    parts: Parts,
    visitor: Visitor,
    asked: TrendAsked,
    says: Speech,
    panels: Iterable[Panel[Any]],
    keep: Keep,
    *,
    whole: bool = False,
) -> TrendView:
    """The page for a reader; with `whole` it waits for the late panels too."""
    question = question_of(parts, visitor, asked)
    view = _frame(question, says)
    scope = visitor.scope
    if not scope.regions or scope.opds == frozenset() or scope.areas == frozenset():
        return replace(view, face="forbidden", status=403)
    try:
        found = tuple(panel_view(panel, question, says, keep, whole=whole) for panel in panels)
        fresh = _freshness(question, says)
    except (QueryRefused, Refused, ValidationError) as refused:
        told = N_("Saringan di alamat ini tidak dapat dipakai.")
        message = says.say(told if isinstance(refused, ValidationError) else str(refused))
        return replace(view, face="refused", status=422, message=message, suggestions=_wider(asked, says))
    except Unavailable:
        return replace(view, face="failing", status=503)
    if all(panel.face in {"failing", "waiting"} for panel in found):
        return replace(view, face="failing", status=503)
    suggestions = () if any(panel.face == "results" for panel in found) else _wider(asked, says)
    return replace(view, panels=found, suggestions=suggestions, **fresh)


def panel_view(panel: Panel[Any], question: Question, says: Speech, keep: Keep, *, whole: bool = True) -> PanelView:
    """One panel for a reader. A late one that nobody asked for a while is waited for only with `whole`."""
    asked = question.asked
    view = PanelView(
        key=panel.key,
        title=says.say(panel.title),
        about=says.say(panel.about),
        face="results",
        lead=panel.lead.value,
        width=panel.width.value,
        empty=says.say(panel.empty),
        csv_href=asked.href(f"{PATH}/{panel.key}.csv"),
        svg_href=asked.href(f"{PATH}/{panel.key}.svg"),
        png_href=asked.href(f"{PATH}/{panel.key}.png"),
    )
    if panel.late and not whole and keep.held(panel, question) is None:
        here = asked.href()
        return replace(
            view,
            face="waiting",
            late_href=asked.href(f"{PATH}/panel/{panel.key}"),
            whole_href=f"{here}{'&' if '?' in here else '?'}{WHOLE}=1#{panel.key}",
        )
    try:
        made = keep.answer(panel, question)
    except Unavailable:
        return replace(view, face="failing")
    teller = teller_of(question, says)
    table = panel.table(made.answer, teller)
    view = replace(view, notes=panel.notes(made.answer, teller))
    if not table.rows:
        return replace(view, face="empty")
    view = replace(view, table=table, made=says.clock(made.at, question.zone) if made.at < question.now else "")
    if panel.lead is not Lead.PICTURE:
        return view
    drawing = panel.draws(made.answer, teller)
    return replace(view, picture=on_page(drawing, panel.key), legend=legend_on_page(drawing, panel.key))


def _frame(question: Question, says: Speech) -> TrendView:
    """What stands there whatever is found."""
    asked, stretch, parts = question.asked, question.stretch, question.parts
    teller = teller_of(question, says)
    chosen = asked.asked
    regions = [parts.profiles[slug].short for slug in question.regions]
    compare, selects = replace(asked, compare=not asked.compare), selects_of(question, says)
    in_form = DATES | {select.name for select in selects}
    return TrendView(
        face="results",
        status=200,
        title=says.say("Tren %(place)s", place=", ".join(regions)) if regions else says.say("Tren"),
        days=teller.days(stretch),
        before=teller.days(stretch.before) if asked.compare else "",
        partial=stretch.last == teller.today,
        periods=tuple(
            Choice(
                says.say(PERIOD_WORDS[days]),
                asked.changed(days=days, first=None, last=None).href(),
                not chosen.has_days and chosen.days == days,
            )
            for days in PERIODS
        ),
        first=stretch.first.isoformat() if chosen.has_days else "",
        last=stretch.last.isoformat() if chosen.has_days else "",
        hidden=tuple(pair for pair in parse_qsl(urlsplit(asked.href()).query) if pair[0] not in in_form),
        selects=selects,
        chips=chips_of(asked, parts.names, says),
        compare=Choice(says.say("bandingkan masa sebelumnya"), compare.href(), asked.compare),
        posts_href=teller.posts(),
        counted=says.moment(question.now, question.zone),
    )


def _wider(asked: TrendAsked, says: Speech) -> tuple[Choice, ...]:
    """Trends that find more."""
    choices = []
    if asked.asked.has_days or asked.asked.days < max(PERIODS):
        longest = asked.changed(days=max(PERIODS), first=None, last=None)
        choices.append(Choice(says.say("Lihat setahun terakhir"), longest.href()))
    if asked.asked.values or asked.asked.oversight or asked.asked.q:
        bare = asked.changed(values={}, oversight=False, q="")
        choices.append(Choice(says.say("Lepas semua saringan"), bare.href()))
    return tuple(choices)


def _freshness(question: Question, says: Speech) -> dict[str, Any]:
    newest = question.parts.index.status().newest
    if newest is None:
        return {}
    told = says.ago(newest, question.now, question.zone)
    return {"stale": told} if question.now - newest > question.parts.settings.stale_after else {"updated": told}
