"""Which words of a post a query found: one highlighter for every engine, on the masked text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from domain.query.match import near_pairs, phrase_starts
from domain.query.tree import Near, Node, Phrase, Prefix, Stream, Term, Words, wanted_words
from domain.reading import Span
from domain.text.tokens import word_forms, word_spans

_Stretch = tuple[int, int]  # of tokens, half-open


def highlight(node: Node, words: str) -> tuple[Span, ...]:
    """Return the stretches of `words` that the query asks for, in order, none overlapping.

    A phrase is one stretch, NEAR one for each side. Nothing under NOT is marked.
    """
    asked = tuple(wanted_words(node))
    if not asked:
        return ()
    forms = word_forms(words)
    exact, stems = [x for x, _ in forms], [x for _, x in forms]
    found = sorted({stretch for leaf in asked for stretch in _stretches(leaf, exact, stems)})
    if not found:
        return ()
    spans = word_spans(words)
    places = [(spans[first][0], spans[end - 1][1]) for first, end in _joined(found)]
    return tuple(Span(start=start, end=end, text=words[start:end]) for start, end in places)


def _stretches(leaf: Words, exact: Sequence[str], stems: Sequence[str]) -> Iterator[_Stretch]:
    match leaf:
        case Term(token, stream):
            among = stems if stream is Stream.STEM else exact
            yield from ((i, i + 1) for i, word in enumerate(among) if word == token)
        case Prefix(prefix):
            yield from ((i, i + 1) for i, word in enumerate(exact) if word.startswith(prefix))
        case Phrase(wanted):
            yield from ((i, i + len(wanted)) for i in phrase_starts(exact, wanted))
        case Near(left, right):
            for i, j in near_pairs(exact, leaf):
                yield i, i + len(left)
                yield j, j + len(right)
        case _:
            assert_never(leaf)


def _joined(found: Sequence[_Stretch]) -> Iterator[_Stretch]:
    """Join stretches that overlap; `found` is sorted."""
    current: _Stretch | None = None
    for start, end in found:
        if current is None:
            current = (start, end)
        elif start < current[1]:
            current = (current[0], max(current[1], end))
        else:
            yield current
            current = (start, end)
    if current is not None:
        yield current
