"""The gold posts: read, and scored task by task. Written by hand for this project, apart from every seed sentence."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlp.eval.metrics import Interval, accuracy, bootstrap, macro_f1, precision_recall

NOBODY = "-"  # stands for "no agency" and "no place" where a label is needed


@dataclass(frozen=True, slots=True)
class Labels:
    """What is said of one post, by the gold or by the machine. `opd` and `places` are best first.

    In gold, any of `opd` is right (empty: nobody must answer) and `topics` holds one. `pii` are the values.
    """

    intent: str
    topics: tuple[str, ...]
    sentiment: str
    urgency: str
    authority: str
    opd: tuple[str, ...]
    places: tuple[str, ...]
    relevant: bool
    oversight: bool
    abuse: bool
    language: str
    pii: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GoldPost:
    """A post with what is true of it in a region."""

    id: str
    region: str
    title: str | None
    text: str
    labels: Labels


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured figure over `n` cases, with its interval where it is worth the time."""

    name: str
    value: float
    n: int
    low: float | None = None
    high: float | None = None


def read_gold(paths: Iterable[Path]) -> list[GoldPost]:
    """Read gold posts from JSONL files."""
    return [_post(json.loads(line)) for path in paths for line in path.read_text("utf-8").splitlines() if line.strip()]


def score(gold: Sequence[Labels], said: Sequence[Labels]) -> list[Figure]:
    """Return every figure of the gold evaluation.

    - place: the most specific place said is one of the gold's, or both have none;
    - opd: the first agency said is one that may answer, or both have none;
    - authority: over the posts that concern the region and that somebody must answer;
    - pii: values found, as they stand in the text.
    """
    pairs = list(zip(gold, said, strict=True))
    answered = [(g, s) for g, s in pairs if g.relevant and g.opd]
    return [
        with_interval("intent.macro_f1", [g.intent for g in gold], [s.intent for s in said], macro=True),
        with_interval("sentiment.macro_f1", [g.sentiment for g in gold], [s.sentiment for s in said], macro=True),
        with_interval("place.accuracy", [NOBODY] * len(pairs), [_hit(g.places, s.places) for g, s in pairs]),
        with_interval("authority.accuracy", [g.authority for g, _ in answered], [s.authority for _, s in answered]),
        with_interval("opd.top1", [NOBODY] * len(pairs), [_hit(g.opd, s.opd) for g, s in pairs]),
        with_interval("topic.accuracy", [g.topics[0] for g in gold], [s.topics[0] for s in said]),
        Figure("topic.top3", sum(g.topics[0] in s.topics[:3] for g, s in pairs) / len(pairs), len(pairs)),
        Figure("topic.main", accuracy([_main(g) for g in gold], [_main(s) for s in said]), len(pairs)),
        Figure("urgency.macro_f1", macro_f1([g.urgency for g in gold], [s.urgency for s in said]), len(pairs)),
        Figure("language.accuracy", accuracy([g.language for g in gold], [s.language for s in said]), len(pairs)),
        Figure("relevance.accuracy", sum(g.relevant == s.relevant for g, s in pairs) / len(pairs), len(pairs)),
        *yes_no("oversight", [g.oversight for g in gold], [s.oversight for s in said]),
        *yes_no("abuse", [g.abuse for g in gold], [s.abuse for s in said]),
        *_pii(gold, said),
    ]


def _hit(gold: Sequence[str], said: Sequence[str]) -> str:
    right = said[0] in gold if gold and said else not gold and not said
    return NOBODY if right else "wrong"


def _main(labels: Labels) -> str:
    return labels.topics[0].partition(".")[0]


def with_interval(name: str, gold: Sequence[str], said: Sequence[str], *, macro: bool = False) -> Figure:
    """The share that is right, or the macro-F1, with its interval."""
    found: Interval = bootstrap(macro_f1 if macro else accuracy, gold, said)
    return Figure(name, found.value, len(gold), found.low, found.high)


def yes_no(name: str, gold: Sequence[bool], said: Sequence[bool]) -> list[Figure]:
    """Precision and recall of the yes, over those said and those true."""
    precision, recall = precision_recall(gold, said)
    return [Figure(f"{name}.precision", precision, sum(said)), Figure(f"{name}.recall", recall, sum(gold))]


def _pii(gold: Sequence[Labels], said: Sequence[Labels]) -> list[Figure]:
    both = found = true = 0
    for g, s in zip(gold, said, strict=True):
        both += (Counter(g.pii) & Counter(s.pii)).total()
        true += len(g.pii)
        found += len(s.pii)
    return [
        Figure("pii.precision", both / found if found else 1.0, found),
        Figure("pii.recall", both / true if true else 1.0, true),
    ]


def _post(line: dict[str, Any]) -> GoldPost:
    said = line["labels"]
    return GoldPost(
        id=line["id"],
        region=line["region"],
        title=line["title"] or None,
        text=line["text"],
        labels=Labels(
            intent=said["intent"],
            topics=(said["topic"],),
            sentiment=said["sentiment"],
            urgency=said["urgency"],
            authority=said["authority"],
            opd=(said["opd"], *said["opd_also"]) if said["opd"] else (),
            places=tuple(said["places"]),
            relevant=said["relevant"],
            oversight=said["oversight"] is not None,
            abuse=said["abuse"],
            language=said["language"],
            pii=tuple(x["text"] for x in said["pii"]),
        ),
    )
