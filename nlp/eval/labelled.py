"""Posts with the labels of the reading alone, without region, place and agency: scored task by task."""

from __future__ import annotations

from collections.abc import Sequence

from domain.reading import Reading
from nlp.deciders import YES
from nlp.eval.gold import Figure, with_interval, yes_no
from nlp.train.examples import Example


def score_reading(gold: Sequence[Example], said: Sequence[Reading]) -> list[Figure]:
    """Return every figure of the reading; the posts must tell of every task."""
    topics = [x.topics[0].code for x in said]
    return [
        with_interval("intent.macro_f1", told(gold, "intent"), [x.intent for x in said], macro=True),
        with_interval("sentiment.macro_f1", told(gold, "sentiment"), [x.sentiment for x in said], macro=True),
        with_interval("topic.accuracy", told(gold, "topic"), topics),
        with_interval("urgency.macro_f1", told(gold, "urgency"), [x.urgency for x in said], macro=True),
        *yes_no("oversight", [x.oversight == YES for x in gold], [x.oversight is not None for x in said]),
        *yes_no("abuse", [x.abuse == YES for x in gold], [x.abuse for x in said]),
    ]


def told(gold: Sequence[Example], task: str) -> list[str]:
    """The labels of one task."""
    return [x.label(task) or "" for x in gold]
