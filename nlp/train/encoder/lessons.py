"""What the encoder learns: texts with the labels of every task that they tell of, and what each text counts.

One task more than the reading has is learnt and left behind: `city`, a city's agencies. It is a real signal about what
complaints are about, and shapes what the layers below see.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from domain.labels import Intent, Sentiment, Urgency
from domain.taxonomy import load_taxonomy
from domain.text.mask import mask
from nlp.eval.surabaya import joined
from nlp.train.augment import with_variants
from nlp.train.examples import NO, YES, Example, distinct
from nlp.train.forms import form_examples
from nlp.train.readers import (
    BANDUNG,
    SEARCH,
    SURABAYA,
    dinsos,
    nusawrites,
    nusax,
    posts_without_labels,
    rows,
    smsa,
    surabaya_topics,
    taxonomy_phrases,
)
from nlp.train.seeds import post_examples, seed_examples, task_examples

CITY = "city"
STANCE = "stance"  # a tweet to a mayor: complaint, answer of an office, or neither
LEARNT_BEFORE = "2022-11"  # the city's complaints of November tune, those from December on measure
_VALID_SHARE = 5  # every fifth group of tweets is kept for validation
_LEAST_CITY = 15  # complaints of an agency that are worth a class
_ASKED, _PASSAGES = 1_500, 2_000  # of the search set, to hold the space of meaning where queries and long texts stand
_ASKED_OF_PUPIL = 4_400  # whose space is built anew: with a third of them it found .73 of what the teacher found .89 of
_DINSOS = 500  # all of one topic: more would only teach that one

READING_TASKS = ("intent", "topic", "sentiment", "urgency", "oversight", "abuse")

# What one text of a set counts for a task, a seed counting 1. Sets not named do not teach the task.
COUNTS: Mapping[str, Mapping[str, float]] = {
    "intent": {"posts": 1.0, "seeds": 1.0, "forms": 0.6, "bandung": 0.1},
    "topic": {"posts": 1.0, "seeds": 1.0, "forms": 0.4, "taxonomy": 0.4, "surabaya": 0.25, "dinsos": 0.05},
    "sentiment": {"posts": 1.0, "seeds": 1.0, "forms": 0.5, "smsa": 1.0, "nusax": 1.0, "nusawrites": 0.6},
    "urgency": {"posts": 1.0, "tasks": 1.0, "seeds": 0.3},
    "oversight": {"posts": 1.0, "tasks": 1.0, "seeds": 0.3},
    "abuse": {"posts": 1.0, "tasks": 1.0, "seeds": 0.3},
    STANCE: {"bandung": 1.0},
    CITY: {"surabaya": 1.0},
}


@dataclass(frozen=True, slots=True)
class Lesson:
    """A masked text with its labels by task and what it counts for each.

    Without labels it only teaches its place in the space of meaning. `kind` is the prefix that it is read with.
    """

    words: str
    labels: Mapping[str, str]
    counts: Mapping[str, float]
    kind: str = "passage"


@dataclass(frozen=True, slots=True)
class Course:
    """All that is learnt and what it is checked against while it is."""

    labels: Mapping[str, tuple[str, ...]]
    learn: tuple[Lesson, ...]
    check: Mapping[str, tuple[Lesson, ...]]  # by the name of the figure: each tells of one task


def read_course(
    data: Path, *, seed: int, say: Callable[[str], None], own: Iterable[Example] = (), pupil: bool = False
) -> Course:
    """Read the seeds, the data sets under `data`, and an installation's own corrections.

    A `pupil`, whom a teacher tells of any text, is also shown posts without labels, and the project's own texts, which
    are most like what it will read, twice.

    Raises:
        SettingsError: a data set is not there.
    """
    say("reading seeds")
    seeds = list(with_variants([*seed_examples(), *post_examples()], seed=seed, each=1))
    written = [*seeds, *task_examples(), *form_examples(seed=seed), *taxonomy_phrases(), *own]
    say("reading data sets")
    sets = [*smsa(data), *nusax(data), *nusawrites(data), *_few(dinsos(data), _DINSOS, seed)]
    lessons = [_lesson(x, _told(x)) for x in distinct([*written, *sets])]
    city = list(_city(data))
    tweets = list(_tweets(data))
    lessons += [lesson for lesson, when in city if when < LEARNT_BEFORE]
    lessons += [lesson for lesson, fold in tweets if fold]
    check = {
        "smsa": tuple(_lesson(x, _told(x)) for x in smsa(data, "valid")),
        "nusax": tuple(_lesson(x, _told(x)) for x in nusax(data, "valid")),
        "nusawrites": tuple(_lesson(x, _told(x)) for x in nusawrites(data, "valid")),
        "city": tuple(_only(lesson, CITY) for lesson, when in city if when.startswith(LEARNT_BEFORE)),
        "tweets": tuple(_only(lesson, STANCE) for lesson, fold in tweets if not fold),
    }
    labels = {
        "intent": tuple(sorted(Intent)),
        "topic": tuple(sorted(topic.code for topic in load_taxonomy().topics)),
        "sentiment": tuple(sorted(Sentiment)),
        "urgency": tuple(Urgency),
        "oversight": (NO, YES),
        "abuse": (NO, YES),
        STANCE: tuple(sorted({x.labels[STANCE] for x, _ in tweets})),
        CITY: tuple(sorted({x.labels[CITY] for x, _ in city if CITY in x.labels})),
    }
    asked = list(_search(data, seed, _ASKED_OF_PUPIL if pupil else _ASKED)) if (data / SEARCH).is_dir() else []
    learn = (*(x for x in lessons if x.labels), *asked)
    if pupil:
        learn += tuple(_lesson(x, _told(x)) for x in distinct(written))
        learn += tuple(Lesson(mask(words).text, {}, {}) for words in dict.fromkeys(posts_without_labels(data)))
    return Course(labels, learn, check)


def _search(data: Path, seed: int, many: int) -> Iterator[Lesson]:
    """Questions that people ask an encyclopedia, and passages of it: they only keep their places."""
    chance = random.Random(seed)  # noqa: S311  no secret
    asked = [
        x["query"] for x in rows(data / SEARCH / "queries_train_valid.tsv", delimiter="\t") if x["split"] == "train"
    ]
    for words in chance.sample(asked, min(many, len(asked))):
        yield Lesson(words, {}, {}, "query")
    passages = [json.loads(line)["text"] for line in (data / SEARCH / "docs.jsonl").read_text("utf-8").splitlines()]
    for words in chance.sample(passages, min(_PASSAGES, len(passages))):
        yield Lesson(words, {}, {})


def _told(example: Example) -> dict[str, str]:
    told = {task: getattr(example, task) for task in READING_TASKS}
    return {task: str(label) for task, label in told.items() if label is not None}


def _lesson(example: Example, labels: Mapping[str, str]) -> Lesson:
    source = example.source.partition("/")[0]
    counted = {task: COUNTS[task].get(source, 0.0) * example.weight for task in labels}
    taught = {task: count for task, count in counted.items() if count > 0}
    return Lesson(mask(example.words).text, {task: labels[task] for task in taught}, taught)


def _only(lesson: Lesson, task: str) -> Lesson:
    has = task in lesson.labels
    return replace(lesson, labels={task: lesson.labels[task]} if has else {}, counts={task: 1.0} if has else {})


def _few(examples: Iterable[Example], count: int, seed: int) -> list[Example]:
    every = list(examples)
    return random.Random(seed).sample(every, min(count, len(every)))  # noqa: S311  no secret


def _city(data: Path) -> Iterator[tuple[Lesson, str]]:
    """A city's complaints with their topic and agency, and their day."""
    topics = surabaya_topics()
    table = list(rows(data / SURABAYA))
    often = Counter(joined(row["instansi"]) for row in table if row["tanggal_keluhan"] < LEARNT_BEFORE)
    for row in table:
        agency, topic = joined(row["instansi"]), topics.get(row["topik"].strip())
        labels = {"topic": topic} if topic else {}
        if often[agency] >= _LEAST_CITY:
            labels[CITY] = agency
        if row["keluhan"].strip():
            yield _lesson(Example(row["keluhan"], "surabaya"), labels), row["tanggal_keluhan"]


def _tweets(data: Path) -> Iterator[tuple[Lesson, bool]]:
    """Tweets to a mayor, with whether they are learnt from; copies of one tweet are on one side."""
    intents = {"Keluhan": Intent.COMPLAINT, "Bukan": Intent.OTHER, "Respon": Intent.OTHER}
    for row in rows(data / BANDUNG):
        if row["jenis"] in intents:
            core = "".join(c for c in row["tweet"].lower().split(": ")[-1] if c.isalpha())[:60]
            fold = int(hashlib.sha256(core.encode()).hexdigest(), 16) % _VALID_SHARE
            labels = {STANCE: row["jenis"], "intent": intents[row["jenis"]].value}
            yield _lesson(Example(row["tweet"], "bandung"), labels), fold > 0
