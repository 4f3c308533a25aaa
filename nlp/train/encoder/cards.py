"""The card beside the model: what it is made of, how it reads, and what it was measured at."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from hashlib import sha256
from pathlib import Path

from nlp.encoder.card import CARD
from nlp.encoder.encoder import MODEL
from nlp.train.encoder.bases import Pretrained
from nlp.train.encoder.learn import Recipe
from nlp.train.encoder.lessons import READING_TASKS, Course
from nlp.train.readers import DATA_SETS

_MARK = 6  # hexadecimal digits
MAX_TOKENS = 128  # of a post that are read: nine in ten posts are whole, and a long one does not cost ten
UNLABELLED = (
    (
        "Sapawarga Surabaya messages 2015-2017",
        "none stated: training and measuring only",
        "nothing but a teacher's view",
    ),
    ("Tweets of citizens on public facilities 2023-2025", "MIT", "nothing but a teacher's view"),
)
SEARCH_LICENCE = "IDK-MRC train: none in its repository; only places of texts are learnt, no label"


def write_card(  # noqa: PLR0913  all that a card tells
    folder: Path,
    base: Pretrained,
    course: Course,
    recipe: Recipe,
    *,
    teacher: str = "",
    temperatures: Mapping[str, float],
    figures: Mapping[str, tuple[float, float]],
    size: int,
) -> str:
    """Write `card.toml` beside the model; returns the model's name.

    What learnt from a teacher bears its number of layers. A name ends in what the model's bytes come to: vectors of two
    encoders are never compared, so no two may share one.
    """
    kind = f"{base.shape.layers}l-" if base.labels else ""
    mark = sha256((folder / MODEL).read_bytes()).hexdigest()[:_MARK]
    name = f"e5-jaring-{kind}{date.today():%Y.%m}-{mark}"  # noqa: DTZ011  a name, not a moment
    counted = Counter(task for lesson in course.learn for task in lesson.labels)
    lines = [
        "# Written by the training: what this encoder is, and what it was learnt from.",
        f'name = "{name}"',
        f"max_tokens = {MAX_TOKENS}",
        f"bytes = {size}",
        f'base = "{base.origin or base.name}"',
        *([f'goes_on_from = "{base.name}"'] if base.labels else []),
        *([f'teacher = "{teacher}"'] if teacher else []),
        f'base_licence = "{base.licence}"',
        f"pieces = {base.shape.pieces}",
        f"layers = {base.shape.layers}",
        f"texts = {len(course.learn)}",
        "",
        "[recipe]",
        *(f"{key} = {json.dumps(value)}" for key, value in asdict(recipe).items()),
    ]
    for task in READING_TASKS:
        lines += [
            "",
            f"[heads.{task}]",
            f"labels = {json.dumps(course.labels[task])}",
            f"temperature = {temperatures.get(task, 1.0):.4f}",
            f"texts = {counted[task]}",
        ]
    lines += ["", "[validation] # accuracy and macro-F1 before rounding to bytes, on posts that were not learnt from"]
    lines += [f"{key} = [{found[0]:.4f}, {found[1]:.4f}]" for key, found in figures.items()]
    for title, licence, teaches in (
        *(UNLABELLED if recipe.soft else ()),
        ("Seed sentences and taxonomy of this project", "Apache-2.0", "all tasks"),
        *((x.name, x.licence, x.teaches) for x in DATA_SETS),
        ("IDK-MRC train questions and passages", SEARCH_LICENCE, "places"),
    ):
        lines += ["", "[[data]]", f'name = "{title}"', f'licence = "{licence}"', f'teaches = "{teaches}"']
    (folder / CARD).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return name
