"""Builds the page of quality for a reader: one region, its tasks, one of them in detail, and routing."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from api.contexts.quality import (
    ConfusionRow,
    ModelShare,
    Picture,
    QualityView,
    RoutingView,
    TaskRow,
    TaskView,
)
from api.contexts.settings import Tab
from api.parts import Parts
from api.quality import drawings
from api.quality.advice import advice_of
from api.quality.figures import RegionFigures, TaskFigures, calibration_name, region_figures
from api.quality.words import TITLES, exact, percent, threshold_words, value_words
from api.speech import N_, Speech
from api.telling import post_href
from api.trends.drawing import Drawing
from api.trends.svg import legend_on_page, on_page
from api.visitors import Visitor
from desk.thresholds import Ground
from domain.errors import NotFound, Unavailable
from domain.labels import LabelTask
from domain.quality.agreement import FEW
from domain.quality.coverage import CONFIDENCE, ENOUGH, PRECISION
from domain.regions import RegionProfile
from domain.tickets import RoutingMode
from store.people import Role

PATH: Final = "/mutu"
LEAST_POINTS: Final = 20  # answers before a curve is drawn at all
MOST_ROWS: Final = 12  # of a curve's table


def region_seen(parts: Parts, visitor: Visitor, slug: str) -> RegionProfile:
    """The region asked for, else the first visible one. NotFound for one that is not the visitor's."""
    for known, profile in parts.profiles.items():
        if known in visitor.scope.regions and slug in {"", known}:
            return profile
    raise NotFound(N_("Wilayah itu tidak ada."))


def quality_view(  # noqa: PLR0913  what is looked at, by whom, and what just happened
    parts: Parts, visitor: Visitor, says: Speech, *, region: str, task: str, notice: str = "", fault: str = ""
) -> QualityView:
    """The page."""
    scope = visitor.scope
    if not scope.regions or scope.opds == frozenset() or scope.areas == frozenset():
        return QualityView(face="forbidden", status=403)
    profile = region_seen(parts, visitor, region)
    seen = [p for slug, p in parts.profiles.items() if slug in scope.regions]
    view = QualityView(
        face="results",
        status=200,
        region=profile.slug,
        name=profile.short,
        regions=tuple(
            Tab(f"{PATH}?{urlencode({'wilayah': p.slug})}", p.short, p.slug == profile.slug) for p in seen
        ) if len(seen) > 1 else (),
        notice=notice,
        fault=fault,
        counted=says.moment(parts.clock(), profile.tz),
    )  # fmt: skip
    try:
        figures = region_figures(parts, visitor, profile.slug)
    except Unavailable:
        return replace(view, face="failing", status=503)
    routing = _routing(visitor, figures, says)
    if not figures.tasks:
        return replace(view, face="empty", routing=routing, advice=advice_of(figures, says))
    chosen = next((one for one in figures.tasks if one.task == task), None) or next(
        (one for one in figures.tasks if one.task == LabelTask.OPD.value), figures.tasks[0]
    )
    return replace(
        view,
        since=says.day(chosen.weeks[0].start),
        advice=advice_of(figures, says),
        tasks=tuple(_row(one, profile.slug, says, chosen=one is chosen) for one in figures.tasks),
        task=_detail(parts, profile.slug, chosen, says),
        routing=routing,
    )


def _row(one: TaskFigures, region: str, says: Speech, *, chosen: bool) -> TaskRow:
    known = one.agreement
    asked = sum(n for _, n in one.answering)
    return TaskRow(
        key=one.task,
        title=says.say(TITLES.get(one.task, one.task)),
        href=f"{PATH}?{urlencode({'wilayah': region, 'tugas': one.task})}#tugas",
        chosen=chosen,
        answers=one.answers,
        agreed=percent(known.value, says) if known.n else "",
        width=round(known.value * 100, 1),
        span=f"{percent(known.low, says)} – {percent(known.high, says)}" if known.n else "",
        few=known.n < FEW,
        models=tuple(ModelShare(by, percent(n / asked, says)) for by, n in one.answering),
    )


def _detail(parts: Parts, region: str, one: TaskFigures, says: Speech) -> TaskView:
    def told(value: str) -> str:
        return value_words(parts, region, one.task, value, says)

    bars = drawings.weeks(one.weeks, says)
    week_rows = tuple(
        (says.day(w.start), says.number(w.share.n), says.number(w.share.right)) for w in one.weeks if w.share.n
    )
    bin_rows = tuple(
        (says.share(b.p), says.number(b.share.n), percent(b.share.value, says), _span(b.share.low, b.share.high, says))
        for b in one.bins
    )
    return TaskView(
        key=one.task,
        title=says.say(TITLES.get(one.task, one.task)),
        weeks=_picture(bars, "pekan", (N_("Pekan"), N_("Jawaban"), N_("Sepakat")), week_rows, says),
        diagram=_picture(
            drawings.diagram(one.bins, says), "yakin", (N_("Yakin"), N_("Jawaban"), N_("Benar"), N_("Selang 95 %")),
            bin_rows, says,
        ) if one.bins else None,
        error=says.share(one.error) if one.error is not None else "",
        confusions=tuple(
            ConfusionRow(told(x.machine), told(x.said), x.n, tuple(post_href(case) for case in x.cases))
            for x in one.confusions
        ),
        fared=tuple(
            ModelShare(
                x.by, f"{percent(x.share.value, says)} ({says.number(x.share.n)})", round(x.share.value * 100, 1)
            )
            for x in one.fared if x.by
        ),
    )  # fmt: skip


def _routing(visitor: Visitor, figures: RegionFigures, says: Speech) -> RoutingView:
    found, mode, runs = figures.routing, figures.mode, visitor.user.role is Role.ADMIN
    enough = found.ground is not Ground.DEFAULT
    word = says.say("otomatis") if mode.mode is RoutingMode.AUTOMATIC else says.say("usulan")
    asked = sum(point.n for point in figures.points[-1:])
    curve = None
    if asked >= LEAST_POINTS:
        drawing = drawings.risk_curve(
            figures.points, says, chosen=found.sure if enough else None,
            stands=mode.sure if mode.sure != found.sure else None,
        )  # fmt: skip
        every = max(1, -(-len(figures.points) // MOST_ROWS))
        rows = tuple(
            (exact(p.p, says), percent(p.coverage, says), percent(p.precision, says)) for p in figures.points[::every]
        )
        curve = _picture(drawing, "ambang", (N_("Mulai"), N_("Langsung"), N_("Benar")), rows, says)
    take = found.sure if runs and found.sure is not None and found.sure != mode.sure else None
    fit = figures.fit
    return RoutingView(
        told=threshold_words(found, says),
        stands=says.say("Kini: %(mode)s, yakin mulai %(p)s.", mode=word, p=exact(mode.sure, says)),
        curve=curve,
        before="" if enough else says.say(
            "Kurva memutuskan sejak %(enough)s jawaban; ketepatan %(p)s harus terbukti pada keyakinan %(sure)s.",
            enough=ENOUGH, p=percent(PRECISION, says), sure=percent(CONFIDENCE, says),
        ),
        calibration=says.say(
            "Kalibrasi %(name)s dari %(n)s tiket: galat %(before)s menjadi %(after)s.",
            name=fit.calibration.name, n=says.number(len(fit.pairs)), before=says.share(fit.error_before),
            after=says.share(fit.error_after),
        ) if fit else says.say("Kalibrasi %(name)s, dari wilayah lain.", name=calibration_name(figures)),
        take=exact(take, says) if take is not None else "",
        take_value=f"{take:.3f}" if take is not None else "",
        settings_href="/pengaturan/mode" if runs else "",
    )  # fmt: skip


def _picture(
    drawing: Drawing, key: str, head: tuple[str, ...], rows: tuple[tuple[str, ...], ...], says: Speech
) -> Picture:
    return Picture(on_page(drawing, key), legend_on_page(drawing, key), tuple(says.say(title) for title in head), rows)


def _span(low: float, high: float, says: Speech) -> str:
    return f"{percent(low, says)} – {percent(high, says)}"
