"""The project's own seed sentences, for topics and tones that no data set covers.

A file of `seeds/` holds one table per topic, in it one block of text per intent, one sentence a line. A line may
begin with its sentiment in brackets where it is not the usual one of its intent; a complaint with `[!]` where it
accuses somebody in office, and with `[?]` where one may doubt whether it does.

`seeds/tasks/` holds a file per further task (urgency, oversight, abuse): a table per label, in it blocks by the reason
for the label; the blocks of oversight's `ya` are named after who is accused.

`seeds/posts/` holds whole posts, one JSON object a line, each with its labels of every task.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from domain.errors import CatalogueError
from domain.labels import Intent, Sentiment, Urgency
from domain.taxonomy import load_taxonomy
from nlp.deciders import NO, YES
from nlp.train.examples import Example

_USUAL = {
    Intent.COMPLAINT: Sentiment.NEGATIVE,
    Intent.ASPIRATION: Sentiment.NEUTRAL,
    Intent.QUESTION: Sentiment.NEUTRAL,
    Intent.PRAISE: Sentiment.POSITIVE,
    Intent.OTHER: Sentiment.NEUTRAL,
}
# Marks of complaints by whether they accuse somebody in office, and the topics in which not all others are quiet.
_MARKS: Mapping[str, str | None] = {"!": YES, "?": None}
_ACCUSING: Mapping[str, str | None] = {"pelayanan.pungli": YES, "desa.dana": None, "desa.perangkat": None}
_TASKS: Mapping[str, frozenset[str]] = {
    "urgency": frozenset(Urgency),
    "oversight": frozenset({YES, NO}),
    "abuse": frozenset({YES, NO}),
}
# What the posts written for one task say of the others.
_BESIDES: Mapping[str, Mapping[str, str]] = {
    "urgency": {"oversight": NO, "abuse": NO},
    "oversight": {"urgency": Urgency.ORDINARY.value, "abuse": NO},
    "abuse": {"urgency": Urgency.ORDINARY.value},
}
ACCUSED = frozenset({"kades", "opd", "petugas", "sekolah"})


def seed_examples() -> Iterator[Example]:
    """Yield every seed sentence with all three labels, in the order of the files.

    Raises:
        CatalogueError: a file names a topic, intent or sentiment that does not exist.
    """
    topics = {topic.code for topic in load_taxonomy().topics}
    for file in sorted(files("nlp.train").joinpath("seeds").iterdir(), key=lambda x: x.name):
        if not file.name.endswith(".toml"):
            continue
        for topic, blocks in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if topic not in topics:
                raise CatalogueError(f"seeds/{file.name}: no topic {topic!r} in the taxonomy")
            for intent, block in blocks.items():
                yield from _sentences(file.name, topic, intent, block)


def _sentences(name: str, topic: str, intent: str, block: str) -> Iterator[Example]:
    try:
        usual = _USUAL[Intent(intent)]
        for line in block.strip().splitlines():
            accuses, sentiment, words = _says_who(topic, intent), usual, line.strip()
            if words.startswith("["):
                mark, _, rest = words[1:].partition("]")
                words = rest.strip()
                accuses, sentiment = (_MARKS[mark], usual) if mark in _MARKS else (accuses, Sentiment(mark))
            if words:
                told = Example(words, "seeds", intent=intent, topic=topic, sentiment=sentiment.value, oversight=accuses)
                yield told if intent == Intent.COMPLAINT else replace(told, urgency=Urgency.ORDINARY.value, abuse=NO)
    except ValueError as cause:
        raise CatalogueError(f"seeds/{name}, {topic}: {cause}") from cause


def _says_who(topic: str, intent: str) -> str | None:
    """Whether a seed without a mark accuses: wishes, questions, thanks and news do not, nor do most complaints."""
    return _ACCUSING.get(topic, NO) if intent == Intent.COMPLAINT else NO


def task_examples() -> Iterator[Example]:
    """Yield the posts written for one task each: urgency, oversight (with who is accused) and abuse.

    Raises:
        CatalogueError: a file names a label or an accused that does not exist.
    """
    for task, labels in _TASKS.items():
        text = files("nlp.train").joinpath(f"seeds/tasks/{task}.toml").read_text(encoding="utf-8")
        for label, blocks in tomllib.loads(text).items():
            accuses = (task, label) == ("oversight", YES)
            if label not in labels or (accuses and not ACCUSED.issuperset(blocks)):
                raise CatalogueError(f"seeds/tasks/{task}.toml: {label!r} with {sorted(blocks)} is not of the task")
            for reason, block in blocks.items():
                for line in filter(None, map(str.strip, block.splitlines())):
                    told: dict[str, Any] = {**_BESIDES[task], task: label, "accused": reason if accuses else None}
                    yield replace(Example(line, "tasks"), **told)


def post_examples() -> Iterator[Example]:
    """Yield the posts that were written with the labels of every task.

    Raises:
        CatalogueError: a line is no such post.
    """
    folder = files("nlp.train").joinpath("seeds/posts")
    told = (x for x in folder.iterdir() if x.name.endswith(".jsonl"))
    return read_posts(sorted(told, key=lambda x: x.name), "posts")


def read_posts(paths: Iterable[Traversable], source: str) -> Iterator[Example]:
    """Yield labelled posts of JSONL files: `words`, `intent`, `topic`, `sentiment`, `urgency`, `accuses`, `abuse`.

    `accuses` names who in office is accused, or is null; `abuse` is true or false.

    Raises:
        CatalogueError: a line is no such post.
    """
    topics = {topic.code for topic in load_taxonomy().topics}
    for path in paths:
        for number, line in enumerate(path.read_bytes().rstrip(b"\n").split(b"\n"), 1):
            try:
                yield _post(json.loads(line), source, topics)
            except (KeyError, TypeError, ValueError) as cause:
                raise CatalogueError(f"{path.name}, line {number}: {cause}") from cause


def _post(told: dict[str, Any], source: str, topics: set[str]) -> Example:
    accused, abuse = told["accuses"], told["abuse"]
    if not isinstance(told["words"], str):
        raise TypeError(f"words {told['words']!r}")
    if told["topic"] not in topics or not ACCUSED.issuperset({accused} - {None}) or not isinstance(abuse, bool):
        raise ValueError(f"topic {told['topic']!r}, accuses {accused!r}, abuse {abuse!r}")
    return Example(
        told["words"],
        source,
        intent=Intent(told["intent"]).value,
        topic=told["topic"],
        sentiment=Sentiment(told["sentiment"]).value,
        urgency=Urgency(told["urgency"]).value,
        oversight=NO if accused is None else YES,
        abuse=YES if abuse else NO,
        accused=accused,
    )
