"""Which words of a post a query found: one highlighter for every engine, on the masked text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from domain.query.match import near_pairs, phrase_starts
from domain.query.tree import Near, Node, Phrase, Prefix, Stream, Term, Words, wanted_words
from domain.reading import Span
from domain.text.tokens import Token, tokenize


def highlight(node: Node, words: str) -> tuple[Span, ...]:
    """Return the stretches of `words` that the query asks for, in order, none overlapping.

    A phrase is one stretch, NEAR one for each side. Nothing under NOT is marked.
    """
    asked = tuple(wanted_words(node))
    if not asked:
        return ()
    tokens = tokenize(words)
    found = sorted({pair for leaf in asked for pair in _stretches(leaf, tokens)})
    return tuple(Span(start=start, end=end, text=words[start:end]) for start, end in _joined(found))


def _stretches(leaf: Words, tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    match leaf:
        case Term(token, Stream.STEM):
            yield from ((t.start, t.end) for t in tokens if t.stem == token)
        case Term(token, _):
            yield from ((t.start, t.end) for t in tokens if t.exact == token)
        case Prefix(prefix):
            yield from ((t.start, t.end) for t in tokens if t.exact.startswith(prefix))
        case Phrase(wanted):
            yield from (_stretch(tokens, i, len(wanted)) for i in phrase_starts(tokens, wanted))
        case Near(left, right):
            for i, j in near_pairs(tokens, leaf):
                yield _stretch(tokens, i, len(left))
                yield _stretch(tokens, j, len(right))
        case _:
            assert_never(leaf)


def _stretch(tokens: Sequence[Token], first: int, count: int) -> tuple[int, int]:
    return tokens[first].start, tokens[first + count - 1].end


def _joined(found: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join stretches that overlap; `found` is sorted."""
    current: tuple[int, int] | None = None
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
