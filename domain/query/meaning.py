"""What a search expression says apart from its operators: the words for an encoder, and the conditions that stay.

Where posts are found by meaning, the words that are asked for rank posts and keep none out; fields and what stands
under NOT keep their force.
"""

from __future__ import annotations

from dataclasses import dataclass

from domain.query.pieces import Kind, Piece, cut
from domain.query.tree import And, Everything, FieldIs, Near, Node, Not, Or, Phrase, Prefix, Term


def conditions_of(node: Node) -> Node:
    """Return the tree with every word that is asked for made true: it finds all that the tree finds, and more."""
    return _loosened(node, wanted=True)


def spoken(text: str) -> str:
    """Return the words that an expression asks for, as they were typed: without operators, fields and what NOT bars.

    Raises: QueryRefused.
    """
    return " ".join(_spoken(cut(text)))


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds for everything inside brackets."""

    barred: bool = False
    of_field: bool = False


def _spoken(pieces: list[Piece]) -> list[str]:
    said: list[str] = []
    groups = [_Group()]
    next_one = _Group()  # what holds for the next operand alone
    for piece in pieces:
        if piece.kind is Kind.NOT:
            next_one = _Group(not next_one.barred, next_one.of_field)
        elif piece.kind is Kind.FIELD:
            next_one = _Group(next_one.barred, of_field=True)
        elif piece.kind is Kind.CLOSE:
            groups.pop()
        elif piece.kind not in {Kind.AND, Kind.OR}:
            here = _Group(groups[-1].barred != next_one.barred, groups[-1].of_field or next_one.of_field)
            next_one = _Group()
            if piece.kind is Kind.OPEN:
                groups.append(here)
            elif not here.barred and not here.of_field:
                said += [part.text for part in piece.sides or (piece,)]
    return said


def _loosened(node: Node, *, wanted: bool) -> Node:
    match node:
        case Term() | Phrase() | Prefix() | Near():
            return Everything() if wanted else node
        case And(children):
            left = [x for child in children if not isinstance(x := _loosened(child, wanted=wanted), Everything)]
            return (left[0] if len(left) == 1 else And(tuple(left))) if left else Everything()
        case Or(children):
            loosened = tuple(_loosened(child, wanted=wanted) for child in children)
            return Everything() if Everything() in loosened else Or(loosened)
        case Not(child):
            return Not(_loosened(child, wanted=not wanted))
        case Everything() | FieldIs():
            return node
