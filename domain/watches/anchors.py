"""What a post must hold at least for a search to match it: the rarest of what the search requires."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from enum import Enum
from typing import Final, NamedTuple, TypeAlias, assert_never

from domain.query.tree import And, Everything, FieldIs, Near, Node, Not, Or, Phrase, Prefix, Stream, Term
from domain.watches.words import PostWords

PREFIX_SHARE: Final = 0.05  # of posts that hold some word of a prefix: guessed high, a whole word is preferred
FIELD_SHARE: Final = 0.2  # of posts that hold a field's value before any was seen
MEMORY: Final = 20_000  # posts; then older ones count half, so that what people talk about may change


class By(Enum):
    """Where an anchor is looked up."""

    STEM = "stem"
    EXACT = "exact"
    PREFIX = "prefix"
    FIELD = "field"


class Anchor(NamedTuple):
    """One thing that a post may hold: a stem, a word, a beginning of a word, a field's value."""

    by: By
    value: str
    field: str = ""


Anchors: TypeAlias = frozenset[Anchor] | None  # a matching post holds one of these; None: it need hold nothing


class Rarity:
    """How many of the posts seen hold an anchor. Only what some search asks for is counted."""

    def __init__(self) -> None:
        self._asked: dict[tuple[By, str], frozenset[str]] = {}
        self._held: Counter[tuple[By, str, str]] = Counter()
        self.posts = 0

    def ask(self, anchors: Iterable[Anchor]) -> None:
        """Count these from now on; what was counted of others is forgotten."""
        tables: dict[tuple[By, str], set[str]] = defaultdict(set)
        for by, value, field in anchors:
            tables[by, field].add(value)
        self._asked = {table: frozenset(values) for table, values in tables.items()}
        self._held = Counter({key: n for key, n in self._held.items() if key[2] in self._asked.get(key[:2], ())})

    def learn(self, post: PostWords) -> None:
        """Take a post into account."""
        self.posts += 1
        for (by, field), values in self._asked.items():
            self._held.update((by, field, value) for value in values & _values(post, by, field))
        if self.posts > MEMORY:
            self.posts //= 2
            self._held = Counter({key: n // 2 for key, n in self._held.items()})

    def share(self, anchor: Anchor) -> float:
        """The share of posts that hold an anchor, 0..1."""
        if anchor.by is By.PREFIX:
            return PREFIX_SHARE
        if not self.posts:
            return FIELD_SHARE if anchor.by is By.FIELD else 0.0
        return self._held[anchor.by, anchor.field, anchor.value] / self.posts

    def cost(self, anchors: frozenset[Anchor]) -> tuple[float, int]:
        """How often a search behind these anchors is tried; the longest words first where nothing is known."""
        return sum(self.share(one) for one in anchors), -min((len(one.value) for one in anchors), default=0)


def required(node: Node, rarity: Rarity, *, wanted: bool = True) -> Anchors:
    """The anchors of a tree, or with `wanted=False` of its opposite; the empty set where nothing can match."""
    match node:
        case Everything():
            return None if wanted else frozenset()
        case Not(child):
            return required(child, rarity, wanted=not wanted)
        case And(children) | Or(children):
            parts = [required(child, rarity, wanted=wanted) for child in children]
            known = [part for part in parts if part is not None]
            if isinstance(node, And) is wanted:  # all must hold: the rarest one will do
                return min(known, key=rarity.cost) if known else None
            return frozenset().union(*known) if len(known) == len(parts) else None
        case _:
            leaves = tuple(leaf_anchors(node))
            return frozenset({min(leaves, key=lambda one: rarity.cost(frozenset({one})))}) if wanted else None


def leaf_anchors(node: Node) -> Iterator[Anchor]:
    """Everything that a post must hold, all of it, to match a leaf; of a tree, that of all its leaves."""
    match node:
        case Term(token, stream):
            yield Anchor(By.STEM if stream is Stream.STEM else By.EXACT, token)
        case Phrase(words):
            yield from (Anchor(By.EXACT, word) for word in words)
        case Near(left, right):
            yield from (Anchor(By.EXACT, word) for word in (*left, *right))
        case Prefix(prefix):
            yield Anchor(By.PREFIX, prefix)
        case FieldIs(field, value):
            yield Anchor(By.FIELD, value, field)
        case And(children) | Or(children):
            for child in children:
                yield from leaf_anchors(child)
        case Not(child):
            yield from leaf_anchors(child)
        case Everything():
            return
        case _:
            assert_never(node)


def _values(post: PostWords, by: By, field: str) -> AbstractSet[str]:
    match by:
        case By.STEM:
            return post.stems
        case By.EXACT:
            return post.exact
        case By.FIELD:
            return post.fields.get(field, frozenset())
        case By.PREFIX:  # not counted, see PREFIX_SHARE
            return frozenset()
