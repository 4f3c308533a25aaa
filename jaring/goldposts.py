"""The reading and the desk together on the gold posts, and the reading alone on posts labelled for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from desk.decide import Desk
from desk.relevance import CONCERNS
from domain.ids import post_id
from domain.labels import Channel, DateTrust
from domain.posts import RawPost
from domain.regions import RegionProfile, load_regions
from domain.taxonomy import load_taxonomy
from domain.text.mask import find_pii
from domain.text.masked_words import mask_words
from jaring.settings import Settings
from nlp.eval.gold import Figure, GoldPost, Labels, read_gold, score
from nlp.eval.labelled import score_reading
from nlp.pipeline import Choices, Mode, build_reader
from nlp.train.seeds import read_posts

GOLD = Path(__file__).parent.parent / "tests" / "gold"
READING = GOLD / "reading"  # posts with the labels of the reading alone, of no region
DEV = READING / "dev.jsonl"
USUAL = Mode(Settings.model_fields["read_mode"].default)
PART = "test"  # the gold posts that nobody tunes on; "dev" ones are for that
BLIND = "blind"  # posts that accuse, press and insult in words that no list was made of: told apart, being harder


def gold_figures(part: str = PART, mode: Mode = USUAL) -> list[Figure]:
    """Measure on the gold posts of one part, each in its own region. Empty where the repository is not there."""
    gold = read_gold(sorted(GOLD.glob(f"*-{part}.jsonl")))
    return score([post.labels for post in gold], answer(gold, mode)) if gold else []


def blind_figures(mode: Mode = USUAL) -> list[Figure]:
    """Measure on the blind posts, by names of their own."""
    return [replace(x, name=f"{BLIND}.{x.name}") for x in gold_figures(BLIND, mode)]


def reading_figures(mode: Mode = USUAL, part: str = BLIND) -> list[Figure]:
    """Measure the reading alone on posts that know no region, by names of their own."""
    path = READING / f"{part}.jsonl"
    told = list(read_posts([path], "gold")) if path.is_file() else []
    if not told:
        return []
    posts = [_raw(str(n), None, x.words, ()) for n, x in enumerate(told)]
    said = list(build_reader(load_regions(), Choices(mode=mode)).read(posts))
    return [replace(x, name=f"reading.{x.name}") for x in score_reading(told, said)]


def answer(gold: Sequence[GoldPost], mode: Mode = USUAL) -> list[Labels]:
    """Read and decide the posts as the program does, all regions served together."""
    profiles = load_regions(sorted({post.region for post in gold}))
    return _answers(gold, profiles, mode)


def _answers(gold: Sequence[GoldPost], profiles: Mapping[str, RegionProfile], mode: Mode) -> list[Labels]:
    reader, desk = build_reader(profiles, Choices(mode=mode)), Desk(profiles, load_taxonomy())
    posts = [_raw(post.id, post.title, post.text, (post.region,)) for post in gold]
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


def _raw(native: str, title: str | None, text: str, regions: tuple[str, ...]) -> RawPost:
    """A post as intake would hand it on: masked."""
    sealed, now = mask_words(title, text), datetime.now(UTC)
    return RawPost(
        id=post_id("gold", native),
        namespace="gold",
        native_id=native,
        source="gold",
        regions=regions,
        channel=Channel.OTHER,
        title=sealed.title,
        text=sealed.text,
        pii=sealed.spans,
        published_at=now,
        fetched_at=now,
        date_trust=DateTrust.EXACT,
    )


def _personal(post: GoldPost) -> tuple[str, ...]:
    """The personal data found, as it stands in the title and the text."""
    return tuple(part[x.start : x.end] for part in (post.title or "", post.text) for x in find_pii(part))
