"""Why an alert is told: what its posts have in common, in the fewest facts that a reader can check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from domain.documents import PostDocument
from domain.errors import QueryRefused
from domain.query.parse import parse_query
from domain.text.highlight import highlight
from domain.text.tokens import word_forms

MOST: Final = 3  # of each kind: a sentence, not a table
FEWEST_LETTERS: Final = 4


@dataclass(frozen=True, slots=True)
class Why:
    """Words, source keys and area codes, most frequent first, with how many posts and stories they come from."""

    posts: int
    stories: int
    terms: tuple[str, ...]
    sources: tuple[str, ...]
    places: tuple[str, ...]


def why(q: str, documents: Sequence[PostDocument]) -> Why:
    """What speaks out of posts that a search found. Words asked for come first, then those that the posts share."""
    return Why(
        posts=len(documents),
        stories=len({one.story for one in documents}),
        terms=tuple(dict.fromkeys((*_asked(q, documents), *_shared(documents))))[:MOST],
        sources=_top(one.source for one in documents),
        places=_top(kode for one in documents if (kode := one.desa or one.kecamatan)),
    )


def _asked(q: str, documents: Iterable[PostDocument]) -> tuple[str, ...]:
    try:
        node = parse_query(q)
    except QueryRefused:  # an older version could read it: what it found is told all the same
        return ()
    return _top(word for one in documents for word in {s.text.casefold() for s in highlight(node, one.words)})


def _shared(documents: Iterable[PostDocument]) -> tuple[str, ...]:
    """Words that several stories have in common; of a single story none, for its posts say so themselves."""
    by_story: dict[str, set[str]] = {}
    for one in documents:
        held = {exact for exact, stem in word_forms(one.words) if stem and len(exact) >= FEWEST_LETTERS}
        by_story.setdefault(one.story, set()).update(held)
    counted = Counter(word for held in by_story.values() for word in held)
    shared = [word for word, n in counted.items() if n > 1 and not word.isdigit()]
    return tuple(sorted(shared, key=lambda word: (-counted[word], word)))[:MOST]


def _top(values: Iterable[str]) -> tuple[str, ...]:
    counted = Counter(values)
    return tuple(sorted(counted, key=lambda value: (-counted[value], value)))[:MOST]
