"""The project's own seed sentences, for topics and tones that no data set covers.

A file of `seeds/` holds one table per topic, in it one block of text per intent, one sentence a line. A line may
begin with its sentiment in brackets where it is not the usual one of its intent.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib.resources import files

from domain.errors import CatalogueError
from domain.labels import Intent, Sentiment
from domain.taxonomy import load_taxonomy
from nlp.train.examples import Example

_USUAL = {
    Intent.COMPLAINT: Sentiment.NEGATIVE,
    Intent.ASPIRATION: Sentiment.NEUTRAL,
    Intent.QUESTION: Sentiment.NEUTRAL,
    Intent.PRAISE: Sentiment.POSITIVE,
    Intent.OTHER: Sentiment.NEUTRAL,
}


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
            sentiment, words = usual, line.strip()
            if words.startswith("["):
                mark, _, rest = words[1:].partition("]")
                sentiment, words = Sentiment(mark), rest.strip()
            if words:
                yield Example(words, "seeds", intent=intent, topic=topic, sentiment=sentiment.value)
    except ValueError as cause:
        raise CatalogueError(f"seeds/{name}, {topic}: {cause}") from cause
