"""`jaring eval`: the reading and the desk together against the gold posts, and the models against public sets."""

from __future__ import annotations

import json as json_format
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
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
from nlp.eval.gold import Figure, GoldPost, Labels, read_gold, score
from nlp.pipeline import build_reader

GOLD = Path(__file__).parent.parent / "tests" / "gold"
FLOORS = GOLD / "floors.json"
PART = "test"  # the gold posts that nobody tunes on; "dev" ones are for that


def run(data_dir: Path | None, *, json: bool = False) -> bool:
    """Measure, print one table (or one JSON document), and tell whether every figure keeps its floor.

    Without `data_dir` only the gold posts are measured, which stand in the repository.
    """
    floors = read_floors()
    figures = gold_figures()
    if data_dir is not None:
        for title, more in public_figures(data_dir):
            words.print(f"{title} ...")
            figures += more
    kept = [figure.value >= floors.get(figure.name, 0.0) for figure in figures]
    if json:
        emit({"ok": all(kept), "figures": [{**asdict(x), "floor": floors.get(x.name)} for x in figures]})
    else:
        paper.print(_table(figures, floors))
    return all(kept)


def gold_figures(part: str = PART) -> list[Figure]:
    """Measure on the gold posts of one part, each in its own region. Empty where the repository is not there."""
    gold = read_gold(sorted(GOLD.glob(f"*-{part}.jsonl")))
    return score([post.labels for post in gold], answer(gold)) if gold else []


def answer(gold: Sequence[GoldPost]) -> list[Labels]:
    """Read and decide the posts as the program does, all regions served together."""
    profiles = load_regions(sorted({post.region for post in gold}))
    return _answers(gold, profiles)


def read_floors() -> dict[str, float]:
    """The least value of each figure, by name; none where the repository is not there."""
    floors: dict[str, float] = json_format.loads(FLOORS.read_text("utf-8")) if FLOORS.is_file() else {}
    return floors


def _answers(gold: Sequence[GoldPost], profiles: Mapping[str, RegionProfile]) -> list[Labels]:
    reader, desk = build_reader(profiles), Desk(profiles, load_taxonomy())
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
    """The figures that need the data sets and scikit-learn, set by set."""
    from nlp.eval.public import sentiment_figures, tweet_figures  # noqa: PLC0415  needs the extra `train`
    from nlp.eval.surabaya import months_ahead  # noqa: PLC0415  as above
    from nlp.linear.decider import load_decider  # noqa: PLC0415  as above

    yield "SmSA, NusaX", sentiment_figures(load_decider(), data)
    yield "Bandung", tweet_figures(data)
    found = months_ahead(data)
    n = found.asked
    yield (
        "Surabaya",
        [
            Figure("surabaya.oracle.category.top1", found.oracle_category[0], n),
            Figure("surabaya.oracle.topic.top1", found.oracle_topic[0], n),
            Figure("surabaya.opd.top1", found.top1.value, n, found.top1.low, found.top1.high),
            Figure("surabaya.opd.macro_f1", found.f1.value, n, found.f1.low, found.f1.high),
            Figure("surabaya.opd.top3", found.top3, n),
            Figure("surabaya.opd.top1_without_catch_alls", found.top1_without_catch_alls, n),
            Figure("surabaya.opd.calibration_error", found.calibration, n),
            Figure("surabaya.opd.share_at_precision_95", found.sure_share, n),
        ],
    )


def _table(figures: Sequence[Figure], floors: Mapping[str, float]) -> Table:
    table = Table(title="Mutu pembacaan")
    table.add_column("ukuran")
    for name in ("nilai", "selang 95 %", "n", "batas"):
        table.add_column(name, justify="right")
    table.add_column("")
    for x in figures:
        floor = floors.get(x.name)
        mark = "" if floor is None else ("[green]ya[/]" if x.value >= floor else "[red]TIDAK[/]")
        span = f"{x.low:.3f}-{x.high:.3f}" if x.low is not None and x.high is not None else ""
        table.add_row(x.name, f"{x.value:.3f}", span, str(x.n), "" if floor is None else f"{floor:.3f}", mark)
    return table
