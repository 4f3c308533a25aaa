"""Cut a search expression into pieces with their places, and refuse what the language does not have.

luqum's grammar knows no NEAR and binds words that merely stand side by side more loosely than OR. So the
pieces are cut here: NEAR with its two sides becomes one piece, and AND is put between neighbours.
Positions are code points of what the user typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import QueryRefused

MAX_LENGTH = 2_000  # code points, as SearchQuery.q
MAX_DISTANCE = 100  # words apart: farther than that is not near
DEFAULT_DISTANCE = 10  # NEAR without a number

_QUOTES = str.maketrans("“”„«»", '"""""')  # what phones and word processors make of "
_CUT = re.compile(r'\s+|"|[()]|(?P<field>[^\s"():]+):|[^\s"()]+')
_NEAR = re.compile(r"NEAR(?:/(?P<distance>.*))?")
_TRAILING = ".,;!?:"  # punctuation after a word: "kapan diperbaiki?" is no wildcard
_NAMES = {"AND", "OR", "NOT"}


class Kind(StrEnum):
    """What a piece is."""

    WORD = "word"
    PREFIX = "prefix"
    PHRASE = "phrase"
    FIELD = "field"
    NEAR = "near"
    AND = "AND"
    OR = "OR"
    NOT = "NOT"
    OPEN = "("
    CLOSE = ")"


ENDS = frozenset({Kind.WORD, Kind.PREFIX, Kind.PHRASE, Kind.NEAR, Kind.CLOSE})  # an operand ends here
STARTS = frozenset({Kind.WORD, Kind.PREFIX, Kind.PHRASE, Kind.NEAR, Kind.FIELD, Kind.NOT, Kind.OPEN})


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the expression. `sides` and `distance` belong to NEAR."""

    kind: Kind
    text: str
    start: int
    sides: tuple[Piece, ...] = ()
    distance: int = 0


def cut(text: str) -> list[Piece]:
    """Return the pieces of an expression, every AND written out, brackets balanced.

    Raises: QueryRefused.
    """
    if len(text) > MAX_LENGTH:
        raise QueryRefused(f"Pencarian terlalu panjang: paling banyak {MAX_LENGTH} karakter.", position=MAX_LENGTH)
    pieces = list(_cut(text.translate(_QUOTES)))
    _check_brackets(pieces)
    return list(_with_and(_with_near(pieces)))


def _cut(text: str) -> Iterator[Piece]:
    at = 0
    value_of_field = False
    while at < len(text):
        found = _CUT.match(text, at)
        assert found is not None  # noqa: S101  every character begins one of the alternatives
        piece, start, at = found[0], at, found.end()
        if piece.isspace():
            continue
        if piece == '"':
            close = text.find('"', at)
            if close < 0:
                raise QueryRefused("Tanda kutip ini tidak ditutup. Tambahkan tanda kutip penutup.", position=start)
            yield Piece(Kind.PHRASE, text[at:close], start)
            at = close + 1
        elif piece in "()":
            yield Piece(Kind(piece), piece, start)
        elif found["field"] is not None and not value_of_field:
            sign = len(found["field"]) - len(found["field"].lstrip("+-"))
            if found["field"].startswith("-"):
                yield Piece(Kind.NOT, "-", start)
            yield Piece(Kind.FIELD, found["field"][sign:], start + sign)
            value_of_field = True
            continue
        else:
            if value_of_field:  # a value may hold colons
                piece, at = _run(text, start)
            yield from _word(piece, start, following=text[at : at + 1])
        value_of_field = False


def _run(text: str, start: int) -> tuple[str, int]:
    end = start
    while end < len(text) and not text[end].isspace() and text[end] not in '"()':
        end += 1
    return text[start:end], end


def _word(word: str, start: int, *, following: str) -> Iterator[Piece]:
    """Yield what a run without blanks stands for; `following` is the character after it."""
    if word in _NAMES:
        yield Piece(Kind(word), word, start)
        return
    if near := _NEAR.fullmatch(word):
        yield Piece(Kind.NEAR, word, start, distance=_distance(near["distance"], start))
        return
    bare = word.lstrip("+-")
    sticks = any(c.isalnum() for c in bare) if bare else following in {'"', "("}
    if word[0] == "-" and sticks:  # a dash between blanks is punctuation
        yield Piece(Kind.NOT, "-", start)
    start += len(word) - len(bare)
    word = bare.rstrip(_TRAILING)
    _refuse_foreign(word, start)
    if word.endswith("*"):
        yield Piece(Kind.PREFIX, word[:-1], start)
    elif any(c.isalnum() for c in word):
        yield Piece(Kind.WORD, word, start)


def _distance(written: str | None, start: int) -> int:
    if written is None:
        return DEFAULT_DISTANCE
    if not (written.isascii() and written.isdigit()) or not 1 <= int(written[:6]) <= MAX_DISTANCE:
        raise QueryRefused(
            f"Jarak NEAR harus angka 1 sampai {MAX_DISTANCE}, misalnya: jalan NEAR/5 rusak.",
            position=start + len("NEAR/"),
        )
    return int(written)


_FOREIGN = (
    (re.compile(r"^/"), "Ekspresi reguler /…/ tidak didukung. Pakai awalan seperti jalan*, atau OR di antara kata."),
    (re.compile(r"~"), "Tanda ~ (pencarian kabur) tidak didukung. Hapus tanda itu; salah ketik umum sudah dibetulkan."),
    (re.compile(r"\^"), "Tanda ^ (bobot) tidak didukung. Hapus tanda itu."),
    (
        re.compile(r"[\[\]{}<>]"),
        "Rentang tidak didukung di sini. Pakai saringan tanggal, atau apit dengan tanda kutip.",
    ),
    (re.compile(r"&&"), "Tulis AND, bukan &&."),
    (re.compile(r"\|\|"), "Tulis OR, bukan ||."),
    (re.compile(r"^[*?]"), "Tanda * tidak boleh di depan kata. Tulis awal katanya lebih dulu, misalnya jalan*."),
    (re.compile(r"[*?](?!$)"), "Tanda * hanya boleh di akhir kata, misalnya perbaik*."),
)


def _refuse_foreign(word: str, start: int) -> None:
    for pattern, message in _FOREIGN:
        if found := pattern.search(word):
            raise QueryRefused(message, position=start + found.start())


def _check_brackets(pieces: list[Piece]) -> None:
    opened: list[Piece] = []
    for piece in pieces:
        if piece.kind is Kind.OPEN:
            opened.append(piece)
        elif piece.kind is Kind.CLOSE:
            if not opened:
                raise QueryRefused(
                    "Kurung tutup ini tidak punya kurung buka. Hapus, atau tambahkan kurung buka.", position=piece.start
                )
            opened.pop()
    if opened:
        raise QueryRefused("Kurung ini tidak ditutup. Tambahkan kurung tutup.", position=opened[-1].start)


def _with_near(pieces: list[Piece]) -> Iterator[Piece]:
    """Make one piece of NEAR and its two sides."""
    held: Piece | None = None
    previous: Piece | None = None
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        at += 1
        if piece.kind is not Kind.NEAR:
            if held is not None:
                yield held
            previous, held = held, piece
            continue
        after = pieces[at] if at < len(pieces) else None
        of_field = previous is not None and previous.kind is Kind.FIELD
        for side in (held, after):
            if of_field or side is None or side.kind not in {Kind.WORD, Kind.PHRASE}:
                raise QueryRefused(_why_not_near(side), position=piece.start)
        assert held is not None  # noqa: S101  the loop above saw to it
        assert after is not None  # noqa: S101
        previous = held
        held = Piece(Kind.NEAR, piece.text, held.start, sides=(held, after), distance=piece.distance)
        at += 1
    if held is not None:
        yield held


def _why_not_near(side: Piece | None) -> str:
    if side is not None and side.kind is Kind.NEAR:
        return "NEAR tidak dapat dirangkai. Tulis: a NEAR/5 b AND b NEAR/5 c."
    return 'NEAR membutuhkan satu kata atau satu "frasa" di kiri dan kanannya, misalnya: jalan NEAR/5 rusak.'


def _with_and(pieces: Iterator[Piece]) -> Iterator[Piece]:
    previous: Piece | None = None
    for piece in pieces:
        if previous is not None and previous.kind in ENDS and piece.kind in STARTS:
            yield Piece(Kind.AND, "AND", piece.start)
        yield piece
        previous = piece
