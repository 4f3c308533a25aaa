"""Does a post match a query? The plain reading of the tree, which every engine must agree with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import assert_never

from domain.query.tree import And, Everything, FieldIs, Near, Node, Not, Or, Phrase, Prefix, Stream, Term
from domain.text.tokens import Token


def matches(node: Node, tokens: Sequence[Token], fields: Mapping[str, AbstractSet[str]]) -> bool:
    """Say whether a post with these tokens and field values matches. `fields` is made by `fields_of`."""
    match node:
        case Everything():
            return True
        case Term(token, stream):
            return any((t.stem if stream is Stream.STEM else t.exact) == token for t in tokens)
        case Phrase(words):
            return bool(phrase_starts([t.exact for t in tokens], words))
        case Prefix(prefix):
            return any(t.exact.startswith(prefix) for t in tokens)
        case Near():
            return bool(near_pairs([t.exact for t in tokens], node))
        case FieldIs(field, value):
            return value in fields.get(field, ())
        case And(children):
            return all(matches(child, tokens, fields) for child in children)
        case Or(children):
            return any(matches(child, tokens, fields) for child in children)
        case Not(child):
            return not matches(child, tokens, fields)
        case _:
            assert_never(node)


def phrase_starts(exact: Sequence[str], words: Sequence[str]) -> list[int]:
    """Return the places in the exact stream at which the words stand one after another."""
    wide, wanted = len(words), list(words)
    return [i for i, word in enumerate(exact) if word == wanted[0] and list(exact[i : i + wide]) == wanted]


def near_pairs(exact: Sequence[str], near: Near) -> list[tuple[int, int]]:
    """Return the pairs (start of left, start of right) that stand near enough."""
    lefts, rights = phrase_starts(exact, near.left), phrase_starts(exact, near.right)
    wide_left, wide_right = len(near.left), len(near.right)
    return [
        (i, j)
        for i in lefts
        for j in rights
        if (j - (i + wide_left) if i <= j else i - (j + wide_right)) <= near.distance
    ]
