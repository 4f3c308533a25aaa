"""`jaring eval`: the reading and the desk together against the gold posts, and the models against public sets."""

from __future__ import annotations

import json as json_format
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from rich.table import Table

from desk.decide import Desk
from desk.relevance import CONCERNS
from domain.ids import post_id
from domain.labels import Channel, DateTrust
from domain.posts import RawPost
from domain.regions import RegionProfile, load_regions
from domain.taxonomy import load_taxonomy
from domain.text.mask import find_pii
from domain.text.masked_words import mask_words
from jaring.console import emit, paper, words
from jaring.settings import Settings
from nlp.asking import cascade_of, linear_decider
from nlp.deciders import RANKED, Decider
from nlp.encoder.encoder import MODEL, SHIPPED
from nlp.eval.gold import Figure, GoldPost, Labels, read_gold, score
from nlp.eval.published import PUBLISHED
from nlp.pipeline import WEIGHTS, Choices, Mode, build_reader

GOLD = Path(__file__).parent.parent / "tests" / "gold"
FLOORS = GOLD / "floors.json"
USUAL = Mode(Settings.model_fields["read_mode"].default)
PART = "test"  # the gold posts that nobody tunes on; "dev" ones are for that
BLIND = "blind"  # posts that accuse, press and insult in words that no list was made of: told apart, being harder


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure as each way of reading reaches it; `usual` is the way that an installation reads by default."""

    usual: Figure
    ways: Mapping[str, float]  # fast, cascade, best; and `baseline`, the usual linear model of the field
    published: str | None = None


def run(data_dir: Path | None, *, json: bool = False) -> bool:
    """Measure, print one table (or one JSON document), and tell whether every figure keeps its floor.

    Without `data_dir` only the gold posts are measured, which stand in the repository.
    """
    floors = read_floors()
    measured = measure(data_dir)
    kept = [x.usual.value >= floors.get(x.usual.name, 0.0) for x in measured]
    if json:
        rows = [
            {**asdict(x.usual), "floor": floors.get(x.usual.name), "ways": dict(x.ways), "published": x.published}
            for x in measured
        ]
        emit({"ok": all(kept), "mode": USUAL.value, "figures": rows})
    else:
        paper.print(_table(measured, floors))
    return all(kept)


def measure(data_dir: Path | None) -> list[Measured]:
    """Every figure, in every way of reading that this installation can read."""
    by_way: dict[str, list[Figure]] = {}
    for mode in modes():
        words.print(f"{mode.value} ...")
        figures = gold_figures(mode=mode) + blind_figures(mode)
        if data_dir is not None:
            figures += sentiment_of(mode, data_dir)
        by_way[mode.value] = figures
    if data_dir is not None:
        by_way["baseline"] = baselines(data_dir)
        by_way[USUAL.value] += others(data_dir)
    found = {way: {x.name: x.value for x in figures} for way, figures in by_way.items()}
    return [
        Measured(x, {way: values[x.name] for way, values in found.items() if x.name in values}, PUBLISHED.get(x.name))
        for x in by_way[USUAL.value]
    ]


def modes() -> tuple[Mode, ...]:
    """The ways of reading that the package's models allow."""
    return tuple(Mode) if (SHIPPED / MODEL).is_file() and USUAL is not Mode.FAST else (Mode.FAST,)


def gold_figures(part: str = PART, mode: Mode = USUAL) -> list[Figure]:
    """Measure on the gold posts of one part, each in its own region. Empty where the repository is not there."""
    gold = read_gold(sorted(GOLD.glob(f"*-{part}.jsonl")))
    return score([post.labels for post in gold], answer(gold, mode)) if gold else []


def blind_figures(mode: Mode = USUAL) -> list[Figure]:
    """Measure on the blind posts, by names of their own."""
    return [replace(x, name=f"{BLIND}.{x.name}") for x in gold_figures(BLIND, mode)]


def answer(gold: Sequence[GoldPost], mode: Mode = USUAL) -> list[Labels]:
    """Read and decide the posts as the program does, all regions served together."""
    profiles = load_regions(sorted({post.region for post in gold}))
    return _answers(gold, profiles, mode)


def read_floors() -> dict[str, float]:
    """The least value of each figure, by name; none where the repository is not there."""
    floors: dict[str, float] = json_format.loads(FLOORS.read_text("utf-8")) if FLOORS.is_file() else {}
    return floors


def _answers(gold: Sequence[GoldPost], profiles: Mapping[str, RegionProfile], mode: Mode) -> list[Labels]:
    reader, desk = build_reader(profiles, Choices(mode=mode)), Desk(profiles, load_taxonomy())
    now = datetime.now(UTC)
    masked = [mask_words(post.title, post.text) for post in gold]
    posts = [
        RawPost(
            id=post_id("gold", post.id),
            namespace="gold",
            native_id=post.id,
            source="gold",
            regions=(post.region,),
            channel=Channel.OTHER,
            title=sealed.title,
            text=sealed.text,
            pii=sealed.spans,
            published_at=now,
            fetched_at=now,
            date_trust=DateTrust.EXACT,
        )
        for post, sealed in zip(gold, masked, strict=True)
    ]
    answers = []
    for post, raw, reading in zip(gold, posts, reader.read(posts), strict=True):
        case = desk.decide_for(raw, reading, post.region)
        concerned = case.relevance >= CONCERNS
        answers.append(
            Labels(
                intent=reading.intent,
                topics=tuple(x.code for x in reading.topics),
                sentiment=reading.sentiment,
                urgency=reading.urgency,
                authority=case.authority,
                opd=tuple(x.kode for x in case.opd) if concerned else (),
                places=tuple(x.kode for x in case.places),
                relevant=concerned,
                oversight=reading.oversight is not None,
                abuse=reading.abuse,
                language=reading.language,
                pii=_personal(post),
            )
        )
    return answers


def _personal(post: GoldPost) -> tuple[str, ...]:
    """The personal data found, as it stands in the title and the text."""
    return tuple(part[x.start : x.end] for part in (post.title or "", post.text) for x in find_pii(part))


def public_figures(data: Path) -> Iterator[tuple[str, list[Figure]]]:
    """The figures that need the data sets and scikit-learn, as an installation reads by default, set by set."""
    yield "SmSA, NusaX, Rejang", sentiment_of(USUAL, data)
    yield "Bandung, Surabaya", others(data)


def sentiment_of(mode: Mode, data: Path) -> list[Figure]:
    """Feeling on the public sets, read in one way."""
    from nlp.eval.public import sentiment_figures  # noqa: PLC0415  needs the extra `train`

    return sentiment_figures(decider_of(mode), data)


def decider_of(mode: Mode) -> Decider:
    """Who answers in a way of reading, without the rest of the pipeline."""
    if mode is Mode.FAST:
        return linear_decider()
    doubts = " ".join(x.value for x in RANKED)
    return cascade_of(str(WEIGHTS), 0, doubts, everything=mode is Mode.BEST)


def baselines(data: Path) -> list[Figure]:
    """What the usual linear model reaches on the same sets."""
    from nlp.eval.public import sentiment_baselines  # noqa: PLC0415  needs the extra `train`

    words.print("baseline ...")
    return sentiment_baselines(data)


def others(data: Path) -> list[Figure]:
    """Tweets and a city's dispositions: models of their own, the same in every way of reading."""
    from nlp.eval.public import tweet_figures  # noqa: PLC0415  needs the extra `train`
    from nlp.eval.surabaya import months_ahead  # noqa: PLC0415  as above

    words.print("Bandung, Surabaya ...")
    found = months_ahead(data)
    n = found.asked
    return [
        *tweet_figures(data),
        Figure("surabaya.oracle.category.top1", found.oracle_category[0], n),
        Figure("surabaya.oracle.topic.top1", found.oracle_topic[0], n),
        Figure("surabaya.opd.top1", found.top1.value, n, found.top1.low, found.top1.high),
        Figure("surabaya.opd.macro_f1", found.f1.value, n, found.f1.low, found.f1.high),
        Figure("surabaya.opd.top3", found.top3, n),
        Figure("surabaya.opd.top1_without_catch_alls", found.top1_without_catch_alls, n),
        Figure("surabaya.opd.calibration_error", found.calibration, n),
        Figure("surabaya.opd.share_at_precision_95", found.sure_share, n),
    ]


def _table(measured: Sequence[Measured], floors: Mapping[str, float]) -> Table:
    table = Table(title=f"Mutu pembacaan (biasanya: {USUAL.value})")
    table.add_column("ukuran")
    ways = ("baseline", *(mode.value for mode in Mode))
    for name in (*ways, "selang 95 %", "n", "batas"):
        table.add_column(name, justify="right")
    table.add_column("")
    table.add_column("terbitan lain (data uji)")
    for x in measured:
        usual = x.usual
        floor = floors.get(usual.name)
        mark = "" if floor is None else ("[green]ya[/]" if usual.value >= floor else "[red]TIDAK[/]")
        span = f"{usual.low:.3f}-{usual.high:.3f}" if usual.low is not None and usual.high is not None else ""
        reached = (f"{x.ways[way]:.3f}" if way in x.ways else "" for way in ways)
        limit = "" if floor is None else f"{floor:.3f}"
        table.add_row(usual.name, *reached, span, str(usual.n), limit, mark, x.published or "")
    return table
