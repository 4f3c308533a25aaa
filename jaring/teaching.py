"""What an installation teaches its own models: people's labels for the reading, tickets' offices for the routing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from desk.decide import Desk
from desk.relevance import CONCERNS
from domain.labels import Intent, LabelTask, Sentiment
from domain.quality.calibration import Calibration, Pair, calibration_error, fit_calibration
from domain.quality.coverage import ENOUGH
from domain.regions import RegionProfile
from domain.scope import Scope
from domain.taxonomy import Taxonomy
from jaring.experience import BEST, PastDispositions, file_of, second_opinion
from jaring.wiring import Hall
from nlp.encoder.dispositions import SecondedDispositions
from nlp.linear.dispositions import Dispositions
from nlp.reader import PostReader
from nlp.train.dispositions import Disposition, write_dispositions
from nlp.train.examples import Example
from nlp.train.region import teach
from store.calibrations import Fit
from store.taught import Taught

PEOPLE = "people"  # the source's name in the training's table of weights
COUNTS = 3.0  # a final disposition of this installation against one row of an old export
FOLDS = 3

Say = Callable[[str], None]
Ranks = Dispositions | SecondedDispositions


@dataclass(frozen=True, slots=True)
class Learnt:
    """What a region's training came to."""

    tickets: int
    fit: Fit | None


def examples(taught: Iterable[Taught]) -> list[Example]:
    """Posts with the labels that people gave them, masked."""
    found = []
    for one in taught:
        intent, topic, sentiment = (one.said(task) for task in (LabelTask.INTENT, LabelTask.TOPIC, LabelTask.SENTIMENT))
        if intent or topic or sentiment:
            found.append(
                Example(
                    one.post.words,
                    PEOPLE,
                    intent=Intent(intent) if intent else None,
                    topic=topic,
                    sentiment=Sentiment(sentiment) if sentiment else None,
                    group=f"{PEOPLE}:{one.story}",
                )
            )
    return found


def dispositions(taught: Iterable[Taught]) -> list[tuple[Taught, Disposition]]:
    """Posts with the office that answers for them: the one that took the ticket, else the one that people named."""
    return [
        (
            one,
            Disposition(
                one.post.words, office, one.post.hints.place or "", f"{one.post.published_at:%Y-%m-%d}",
                weight=COUNTS, group=one.story,
            ),
        )
        for one in taught
        if (office := one.said(LabelTask.OPD))
    ]  # fmt: skip


def taught_in(hall: Hall, regions: Iterable[str], region: str | None = None) -> list[Taught]:
    """What people said of posts that accuse nobody in office: those are read by few, and taught to no model."""
    return list(hall.store.taught.read(Scope(regions=frozenset(regions)), region=region))


def learn_region(hall: Hall, region: str, old: Sequence[Disposition], *, by: str, say: Say) -> Learnt:
    """Learn a region's dispositions of its tickets and of an older export, and calibrate its routing.

    With too few tickets it is not calibrated: the dispositions are learnt all the same.

    Raises:
        Refused: tickets and export together are too few to learn from.
    """
    rows = dispositions(taught_in(hall, [region], region))
    say(f"{len(rows)} tickets with a final office, {len(old)} rows of an export")
    mode = hall.settings.read_mode
    encoder = second_opinion(mode)
    taught = teach([*old, *(row for _, row in rows)], encoder, say=say)
    now = hall.store.clock()
    name = f"{region}-{now:%Y.%m.%d-%H%M}"
    weights = replace(taught.weights, name=f"dispositions-{name}")
    fitted = None
    if len(rows) >= ENOUGH:
        say("asking each third of a model that did not learn it")

        # A third is asked of the kind of model that is written: with an opinion where that has one.
        heard, opinion = (encoder, taught.opinion) if taught.opinion is not None else (None, None)
        believed = None if opinion is None else opinion.pool.temperature

        def learns(part: Sequence[Disposition]) -> Ranks:
            learnt = teach([*old, *part], heard, least=1, temperature=believed)
            return learnt.dispositions(heard, everything=mode == BEST)

        pairs = unseen(hall.reader, hall.profiles[region], hall.taxonomy, rows, learns)
        fitted = calibrated(region, name, pairs, by=by, now=now)
    write_dispositions(weights, file_of(hall.settings.home, region), opinion=taught.opinion, say=say)
    if fitted is not None:
        hall.store.calibrations.add(fitted)
        say(f"calibration error {fitted.error_before:.3f} -> {fitted.error_after:.3f} on {len(fitted.pairs)} tickets")
    return Learnt(len(rows), fitted)


def unseen(
    reader: PostReader,
    profile: RegionProfile,
    taxonomy: Taxonomy,
    rows: Sequence[tuple[Taught, Disposition]],
    learns: Callable[[Sequence[Disposition]], Ranks],
) -> list[list[Pair]]:
    """Route each ticket with dispositions that did not learn its story; by fold, the first office and its fate."""
    folds: list[list[Pair]] = []
    for fold in range(FOLDS):
        learn = [row for _, row in rows if _fold_of(row.group) != fold]
        ask = [one for one, row in rows if _fold_of(row.group) == fold]
        model = PastDispositions(learns(learn), profile)
        desk = Desk({profile.slug: profile}, taxonomy, experience={profile.slug: model})
        pairs = []
        for one, reading in zip(ask, reader.read(x.post for x in ask), strict=True):
            case = desk.decide_for(one.post, reading, profile.slug)
            if case.opd and case.relevance >= CONCERNS and reading.oversight is None:
                pairs.append(Pair(case.opd[0].p, case.opd[0].kode == one.said(LabelTask.OPD)))
        folds.append(pairs)
    return folds


def calibrated(region: str, name: str, folds: Sequence[Sequence[Pair]], *, by: str, now: datetime) -> Fit:
    """Calibrate on all folds; its figures are of each fold under a calibration that did not see it."""
    everything = [pair for fold in folds for pair in fold]
    checked: list[Pair] = []
    for number, fold in enumerate(folds):
        rest = [pair for other, pairs in enumerate(folds) if other != number for pair in pairs]
        bends = fit_calibration(name, rest)
        checked += [Pair(bends.of(pair.p), pair.right) for pair in fold]
    whole: Calibration = fit_calibration(name, everything)
    return Fit(region, whole, calibration_error(everything), calibration_error(checked), tuple(checked), by, now)


def _fold_of(group: str) -> int:
    """Which fold a story is in: always the same one."""
    return hashlib.blake2b(group.encode(), digest_size=4).digest()[0] % FOLDS
