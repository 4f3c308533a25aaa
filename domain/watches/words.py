"""A post made ready to be held against many searches: the same meaning as `domain.query.match`, by sets."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import assert_never

from domain.documents import PostDocument
from domain.query.match import near_pairs
from domain.query.tree import And, Everything, FieldIs, Near, Node, Not, Or, Phrase, Prefix, Stream, Term
from domain.text.tokens import word_forms
from domain.watches.conditions import asked_fields


@dataclass(frozen=True, slots=True)
class PostWords:
    """The words of a post in their order and as sets, with its fields' values.

    `line` holds the exact words with a blank before and behind each: no token holds one.
    """

    order: tuple[str, ...]
    line: str
    exact: frozenset[str]
    stems: frozenset[str]
    fields: Mapping[str, AbstractSet[str]]

    @classmethod
    def of(cls, document: PostDocument) -> PostWords:
        """Cut the words of a document once for all searches."""
        forms = word_forms(document.words)
        order = tuple(exact for exact, _ in forms)
        return cls(
            order,
            f" {' '.join(order)} ",
            frozenset(order),
            frozenset(stem for _, stem in forms),
            asked_fields(document),
        )


def holds(node: Node, post: PostWords) -> bool:
    """Say whether a post matches; answers exactly as `domain.query.matches` does."""
    match node:
        case Everything():
            return True
        case Term(token, stream):
            return token in (post.stems if stream is Stream.STEM else post.exact)
        case Phrase(words):
            return f" {' '.join(words)} " in post.line
        case Prefix(prefix):
            return f" {prefix}" in post.line
        case Near(left, right):
            return post.exact.issuperset(left) and post.exact.issuperset(right) and bool(near_pairs(post.order, node))
        case FieldIs(field, value):
            return value in post.fields.get(field, ())
        case And(children):
            return all(holds(child, post) for child in children)
        case Or(children):
            return any(holds(child, post) for child in children)
        case Not(child):
            return not holds(child, post)
        case _:
            assert_never(node)
