"""The query tree: what a search expression means, apart from how it is written and which engine answers it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias, assert_never


class Stream(StrEnum):
    """Which of the two token streams a term is looked up in."""

    STEM = "stem"
    EXACT = "exact"


@dataclass(frozen=True, slots=True)
class Everything:
    """Matches every post: what an empty expression means."""


@dataclass(frozen=True, slots=True)
class Term:
    """One word. Plain words are looked up as stems; a stop word has no stem and is looked up as it stands."""

    token: str
    stream: Stream = Stream.STEM


@dataclass(frozen=True, slots=True)
class Phrase:
    """Exact tokens that follow one another."""

    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prefix:
    """Any exact token that begins so."""

    prefix: str


@dataclass(frozen=True, slots=True)
class Near:
    """Two words or phrases, in either order, with at most `distance` exact tokens between them.

    Stretches that overlap are near.
    """

    left: tuple[str, ...]
    right: tuple[str, ...]
    distance: int


@dataclass(frozen=True, slots=True)
class FieldIs:
    """A post's field has a value, see `domain.query.fields`. `value` is normalised."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class And:
    """All of two or more."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of two or more."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Everything that the child does not match."""

    child: Node


Words: TypeAlias = Term | Phrase | Prefix | Near
Node: TypeAlias = Everything | Words | FieldIs | And | Or | Not


def wanted_words(node: Node) -> Iterator[Words]:
    """Yield the leaves that speak of words and are asked for: what is scored and highlighted.

    Leaves under an odd number of NOTs are left out.
    """
    yield from _words(node, wanted=True)


def _words(node: Node, *, wanted: bool) -> Iterator[Words]:
    match node:
        case Term() | Phrase() | Prefix() | Near():
            if wanted:
                yield node
        case And(children) | Or(children):
            for child in children:
                yield from _words(child, wanted=wanted)
        case Not(child):
            yield from _words(child, wanted=not wanted)
        case Everything() | FieldIs():
            return
        case _:
            assert_never(node)
