"""From what a user typed to the query tree. The grammar is luqum's; the meaning is ours.

AND, OR, NOT are written in capitals; words side by side mean AND. NOT binds closest, then AND, then OR.
`-kata` is NOT kata. "..." is a phrase of exact words, `jalan*` any word that begins so, `a NEAR/5 b` two words
or phrases with at most five words between them (NEAR alone: ten), `topic:jalan` or `topic:(jalan OR air)` a
field's value. Plain words match by their root, so `perbaikan` finds `diperbaiki`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from luqum import tree as lucene
from luqum.exceptions import ParseError
from luqum.head_tail import TokenValue
from luqum.parser import parser

from domain.errors import QueryRefused
from domain.query.fields import CLOSED, FIELDS, normal_value
from domain.query.pieces import Kind, Piece, cut
from domain.query.tree import And, Everything, FieldIs, Near, Node, Not, Or, Phrase, Prefix, Stream, Term, Words
from domain.text.tokens import Token, fold, tokenize

MAX_TERMS = 64  # words, values and phrase words together: an expression that a person wrote stays far below
MAX_DEPTH = 32  # brackets and NOTs inside one another
SHORTEST_PREFIX = 2  # one letter would match a large part of all words

_TYPES = {
    Kind.WORD: "TERM", Kind.PREFIX: "TERM", Kind.PHRASE: "TERM", Kind.NEAR: "TERM", Kind.FIELD: "TERM",
    Kind.AND: "AND_OP", Kind.OR: "OR_OP", Kind.NOT: "NOT", Kind.OPEN: "LPAREN", Kind.CLOSE: "RPAREN",
}  # fmt: skip


class _Leaf(lucene.Word):  # type: ignore[misc]  # luqum is untyped
    """A piece travelling through luqum's grammar as one of its words."""

    def __init__(self, piece: Piece) -> None:
        super().__init__(piece.text, pos=piece.start, size=len(piece.text))
        self.piece = piece


def parse_query(text: str) -> Node:
    """Return the tree of a search expression; blank text finds everything.

    Raises: QueryRefused, with the place of the fault and what would do.
    """
    pieces = cut(text)
    if not pieces:
        if text.strip():
            raise QueryRefused("Tidak ada kata yang dapat dicari. Tulis sekurangnya satu kata.", position=0)
        return Everything()
    return _Meaning().of(_grammar(pieces, len(text)), depth=0, field=None)


def _grammar(pieces: list[Piece], end: int) -> lucene.Item:
    stream = _tokens(pieces)
    seen: list[Piece | None] = []

    def following() -> _Token | None:
        token, piece = next(stream, (None, None))
        seen.append(piece)
        return token

    try:
        # The token function replaces PLY's lexer, which is shared and not safe among threads.
        return parser.parse(None, lexer=_NoLexer(), tokenfunc=following)
    except ParseError as cause:
        raise _fault(seen[-1], after=seen[-2] if len(seen) > 1 else None, end=end) from cause


def _tokens(pieces: list[Piece]) -> Iterator[tuple[_Token, Piece]]:
    for piece in pieces:
        kind = _TYPES[piece.kind]
        yield _Token(kind, _Leaf(piece) if kind == "TERM" else _mark(piece), piece.start), piece
        if piece.kind is Kind.FIELD:
            yield _Token("COLUMN", _mark(piece), piece.start), piece


class _NoLexer:
    """Stands where PLY wants a lexer although it is given the tokens."""

    lineno = 0


@dataclass(slots=True)
class _Token:
    """What PLY's parser reads of a token, and writes on one that it refuses."""

    type: str
    value: object
    lexpos: int
    lineno: int = 0
    lexer: object = None


def _mark(piece: Piece) -> TokenValue:
    value = TokenValue(piece.text)
    value.pos, value.size = piece.start, len(piece.text)
    return value


def _fault(refused: Piece | None, *, after: Piece | None, end: int) -> QueryRefused:
    """Explain why the grammar stopped at a piece (None: at the end) that came after another."""
    position = end if refused is None else refused.start
    if after is not None and after.kind is Kind.FIELD:
        return QueryRefused(f"Setelah {after.text}: harus ada nilai, misalnya topic:jalan.", position=position)
    if after is not None and (refused is None or refused.kind is Kind.CLOSE):
        if after.kind is Kind.OPEN:
            return QueryRefused("Kurung ini kosong. Isi, atau hapus.", position=after.start)
        return QueryRefused(
            f"Setelah {after.text} harus ada kata. Lengkapi, atau hapus {after.text}.", position=position
        )
    name = refused.text if refused is not None else ""
    return QueryRefused(
        f"{name} membutuhkan kata di kiri dan kanannya. Lengkapi, atau hapus {name}.", position=position
    )


@dataclass(slots=True)
class _Meaning:
    """Gives the grammar's tree its meaning, counting words on the way."""

    terms: int = 0

    def of(self, parsed: lucene.Item, *, depth: int, field: str | None) -> Node:
        """Return the tree under one item; `field` is set inside `field:(...)`."""
        if depth > MAX_DEPTH:
            raise QueryRefused(f"Terlalu dalam: paling banyak {MAX_DEPTH} lapis kurung atau NOT.", position=parsed.pos)
        deeper = depth + 1
        match parsed:
            case _Leaf():
                return self._value(parsed.piece, field) if field else self._words(parsed.piece)
            case lucene.AndOperation():
                return And(_flat(And, [self.of(x, depth=deeper, field=field) for x in parsed.children]))
            case lucene.OrOperation():
                return Or(_flat(Or, [self.of(x, depth=deeper, field=field) for x in parsed.children]))
            case lucene.Not():
                return Not(self.of(parsed.children[0], depth=deeper, field=field))
            case lucene.BaseGroup():
                return self.of(parsed.children[0], depth=deeper, field=field)
            case lucene.SearchField():
                return self.of(parsed.children[0], depth=deeper, field=self._field(parsed, inside=field))
        raise QueryRefused("Bagian ini tidak dikenal. Apit dengan tanda kutip untuk mencarinya.", position=parsed.pos)

    def _field(self, parsed: lucene.SearchField, *, inside: str | None) -> str:
        name = str(parsed.name)
        known = ", ".join(FIELDS)
        if inside:
            raise QueryRefused(
                f"{name}: tidak boleh di dalam {inside}:(…). Keluarkan dari kurung.", position=parsed.pos
            )
        if name.lower() not in FIELDS:
            raise QueryRefused(
                f"Kolom '{name}' tidak dikenal. Yang ada: {known}. Untuk mencari titik dua, apit dengan tanda kutip.",
                position=parsed.pos,
            )
        return name.lower()

    def _value(self, piece: Piece, field: str) -> Node:
        if piece.kind in {Kind.PREFIX, Kind.NEAR}:
            raise QueryRefused(f"Nilai {field}: harus ditulis utuh, tanpa * dan tanpa NEAR.", position=piece.start)
        self._count(1, piece)
        value = normal_value(piece.text)
        if not value:
            raise QueryRefused(f"Nilai {field}: kosong.", position=piece.start)
        if field in CLOSED and value not in list(CLOSED[field]):
            raise QueryRefused(
                f"Nilai '{piece.text}' tidak ada untuk {field}. Yang ada: {', '.join(CLOSED[field])}.",
                position=piece.start,
            )
        return FieldIs(field, value)

    def _words(self, piece: Piece) -> Words:
        if piece.kind is Kind.PREFIX:
            return self._prefix(piece)
        if piece.kind is Kind.NEAR:
            left, right = (self._exact(side) for side in piece.sides)
            if left == right:
                raise QueryRefused("Kedua sisi NEAR sama. Tulis dua kata yang berbeda.", position=piece.start)
            return Near(left, right, piece.distance)
        if piece.kind is Kind.PHRASE:
            return Phrase(self._exact(piece))
        tokens = self._tokens(piece)
        if len(tokens) > 1:  # "jl.raya": the text was cut the same way
            return Phrase(tuple(t.exact for t in tokens))
        only = tokens[0]
        return Term(only.stem) if only.stem else Term(only.exact, Stream.EXACT)

    def _prefix(self, piece: Piece) -> Prefix:
        self._count(1, piece)
        prefix = fold(piece.text)
        if len(prefix) < SHORTEST_PREFIX:
            raise QueryRefused(
                f"Awalan terlalu pendek: sekurangnya {SHORTEST_PREFIX} huruf sebelum *, misalnya jal*.",
                position=piece.start,
            )
        return Prefix(prefix)

    def _exact(self, piece: Piece) -> tuple[str, ...]:
        return tuple(t.exact for t in self._tokens(piece))

    def _tokens(self, piece: Piece) -> list[Token]:
        if piece.kind is Kind.PHRASE and "*" in piece.text:
            raise QueryRefused(
                "Tanda * tidak berlaku di dalam frasa. Tulis di luar tanda kutip, misalnya rusak*.",
                position=piece.start + 1 + piece.text.index("*"),
            )
        tokens = tokenize(piece.text)
        if not tokens:
            raise QueryRefused(
                "Di sini tidak ada kata yang dapat dicari. Tulis sekurangnya satu kata.", position=piece.start
            )
        self._count(len(tokens), piece)
        return tokens

    def _count(self, more: int, piece: Piece) -> None:
        self.terms += more
        if self.terms > MAX_TERMS:
            raise QueryRefused(
                f"Terlalu banyak kata: paling banyak {MAX_TERMS}. Bagi menjadi beberapa pencarian.",
                position=piece.start,
            )


def _flat(kind: type[And | Or], children: list[Node]) -> tuple[Node, ...]:
    flat: list[Node] = []
    for child in children:
        flat.extend(child.children if isinstance(child, kind) else (child,))
    return tuple(flat)
