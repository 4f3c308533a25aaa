"""Whether a source still yields what its answers usually hold: a parser that went blind is noticed at once. Pure.

A source that says less is quiet: its answers shrink with it. An answer as long as ever in which suddenly nothing, or
less than half, is found, or most of which cannot be read, is one that the parser no longer understands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

CRAWLS: Final = 3  # that tell what is usual; before, nothing is judged
POSTS: Final = 4  # usual posts of a listing; one that is shorter may well halve by itself
AS_LONG: Final = 0.6  # of the usual bytes: from here on an answer counts as long as ever
HALF: Final = 0.5
BAD: Final = 3  # entries or pages that could not be read, at least: one broken entry is no broken parser
USUALLY_GOOD: Final = 0.25  # share of bad ones up to which a source is one that can be read
FORGET: Final = 0.3  # weight of the newest crawl in what is usual: follows a site within a few crawls
USED_TO: Final = 8  # crawls in a row after which a listing that yields fewer is what the site has become

NAME: Final = "yield"  # in a source's cursor, beside `pace`


@dataclass(frozen=True, slots=True)
class Listing:
    """An answer that lists posts, whole and not only what is new: how long it is and how many were found in it."""

    url: str
    size: int  # bytes
    posts: int


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual of a source: of its listing as a whole, and of what was taken from it."""

    listings: int = 0  # crawls that told the first two
    size: float = 0.0
    posts: float = 0.0
    taken: int = 0  # crawls that told the last
    bad: float = 0.0  # share of what could not be read

    def as_cursor(self) -> dict[str, float]:
        """As it is remembered."""
        return {"listings": self.listings, "size": self.size, "posts": self.posts, "taken": self.taken, "bad": self.bad}


@dataclass(frozen=True, slots=True)
class Yield:
    """What one crawl came to: its listings, and how many entries and pages became posts and how many did not."""

    listings: Sequence[Listing] = ()
    good: int = 0
    bad: int = 0


@dataclass(frozen=True, slots=True)
class Blind:
    """The parser no longer understands a source: how that shows, in words, and in which listing, where it is one."""

    message: str
    url: str | None = None


def stored_usual(cursor: Mapping[str, object]) -> Usual:
    """What is usual, out of a source's cursor."""
    said = cursor.get(NAME)
    if not isinstance(said, dict) or not all(isinstance(value, int | float) for value in said.values()):
        return Usual()
    try:
        return Usual(**said)
    except TypeError:  # remembered by another version
        return Usual()


def blindness(now: Yield, usual: Usual, *, failures: int) -> Blind | None:
    """What is wrong with a crawl held against what is usual; None where nothing is, or too little is known.

    `failures` are the crawls in a row that went wrong before.
    """
    size, posts = _sums(now.listings)
    if usual.listings >= CRAWLS and usual.posts >= POSTS and now.listings and size >= AS_LONG * usual.size:
        told = f"biasanya {round(usual.posts)} kiriman, kini {posts}, dalam {_kilobytes(size)}"
        if posts == 0 or (posts < HALF * usual.posts and failures < USED_TO):
            return Blind(f"Jawabannya sepanjang biasa, tetapi isinya tidak terbaca lagi: {told}.", now.listings[0].url)
    taken = now.good + now.bad
    if usual.taken >= CRAWLS and usual.bad <= USUALLY_GOOD and now.bad >= BAD and now.bad > HALF * taken:
        return Blind(
            f"{now.bad} dari {taken} kiriman tidak terbaca, padahal biasanya hampir semua terbaca: bentuknya berubah."
        )
    return None


def learnt(now: Yield, usual: Usual) -> Usual:
    """What is usual after a crawl that went well."""
    size, posts = _sums(now.listings)
    taken = now.good + now.bad
    known = usual
    if now.listings:
        known = Usual(
            known.listings + 1, _blend(known.size, size, known.listings), _blend(known.posts, posts, known.listings),
            known.taken, known.bad,
        )  # fmt: skip
    if taken:
        bad = _blend(known.bad, now.bad / taken, known.taken)
        known = Usual(known.listings, known.size, known.posts, known.taken + 1, bad)
    return known


def _sums(listings: Sequence[Listing]) -> tuple[int, int]:
    return sum(one.size for one in listings), sum(one.posts for one in listings)


def _blend(before: float, now: float, crawls: int) -> float:
    return before * (1 - FORGET) + now * FORGET if crawls else float(now)


def _kilobytes(size: float) -> str:
    return f"{max(1, round(size / 1024))} KB"
