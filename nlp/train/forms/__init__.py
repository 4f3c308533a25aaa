"""Ways of wishing, praising and asking joined with things: the tones of which written sentences are too few."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from importlib.resources import files

from domain.labels import Intent, Sentiment, Urgency
from nlp.deciders import NO
from nlp.train.examples import Example

EACH = 6  # forms per thing
_COUNTS = 0.4  # what a joined sentence counts against a written one
_FEELING = {Intent.PRAISE: Sentiment.POSITIVE}


def form_examples(*, seed: int) -> Iterator[Example]:
    """Yield the joined sentences. The same seed gives the same ones; those of one thing are a group."""
    chance = random.Random(seed)  # noqa: S311  no secret
    table = tomllib.loads(files(__package__).joinpath("forms.toml").read_text(encoding="utf-8"))
    for intent, parts in table.items():
        for topic, *things in parts["things"]:
            for thing in things:
                for form in chance.sample(parts["forms"], EACH):
                    yield Example(
                        form.replace("{}", thing),
                        "forms",
                        intent=intent,
                        topic=topic,
                        sentiment=_FEELING.get(Intent(intent), Sentiment.NEUTRAL).value,
                        weight=_COUNTS,
                        group=thing,
                        urgency=Urgency.ORDINARY.value,
                        oversight=NO,
                        abuse=NO,
                    )
