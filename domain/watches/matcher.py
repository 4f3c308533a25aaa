"""Which of many searches a post matches, without trying them all: each stands behind its rarest required token."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from domain.documents import PostDocument
from domain.query.tree import Node
from domain.watches.anchors import Anchor, By, Rarity, leaf_anchors, required
from domain.watches.words import PostWords, holds


@dataclass(frozen=True, slots=True)
class WatchRule:
    """A search to be matched with every new post of a region."""

    id: str
    region: str
    node: Node


class WatchIndex:
    """Searches of all regions. Answers exactly as trying every one with `domain.query.matches` would.

    A search without anything that a post must hold (only NOT, say) is tried with every post of its region.
    """

    def __init__(self, rules: Iterable[WatchRule], rarity: Rarity | None = None) -> None:
        self._rules = tuple(rules)
        self.rarity = rarity or Rarity()
        self.rarity.ask(anchor for rule in self._rules for anchor in leaf_anchors(rule.node))
        self._learnt = self.rarity.posts
        self._regions = self._built()

    def matching(self, document: PostDocument) -> list[str]:
        """The ids of the searches that a post matches, in the order they were given."""
        region = self._regions.get(document.region)
        if region is None:
            return []
        post = PostWords.of(document)
        self._learn(post)
        return [self._rules[n].id for n in sorted(region.candidates(post)) if holds(self._rules[n].node, post)]

    def _learn(self, post: PostWords) -> None:
        """Count the post's words; place the searches anew once much more is known than when they were placed."""
        self.rarity.learn(post)
        if self.rarity.posts >= max(_FIRST_LOOK, 4 * self._learnt):
            self._learnt = self.rarity.posts
            self._regions = self._built()

    def _built(self) -> dict[str, _Region]:
        regions: dict[str, _Region] = defaultdict(_Region)
        for n, rule in enumerate(self._rules):
            regions[rule.region].add(n, required(rule.node, self.rarity))
        return dict(regions)


_FIRST_LOOK = 200  # posts: enough to tell frequent words from rare ones


class _Region:
    """The searches of one region by what a post must hold."""

    def __init__(self) -> None:
        self._always: list[int] = []
        self._stems: dict[str, list[int]] = defaultdict(list)
        self._words: dict[str, list[int]] = defaultdict(list)
        self._prefixes: dict[str, list[int]] = defaultdict(list)
        self._fields: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        self._lengths: Sequence[int] = ()

    def add(self, n: int, anchors: frozenset[Anchor] | None) -> None:
        """Place a search."""
        if anchors is None:
            self._always.append(n)
            return
        for by, value, field in anchors:
            match by:
                case By.STEM:
                    self._stems[value].append(n)
                case By.EXACT:
                    self._words[value].append(n)
                case By.PREFIX:
                    self._prefixes[value].append(n)
                    self._lengths = sorted({*self._lengths, len(value)})
                case By.FIELD:
                    self._fields[field][value].append(n)

    def candidates(self, post: PostWords) -> set[int]:
        """The searches that may match."""
        return set(self._found(post))

    def _found(self, post: PostWords) -> Iterator[int]:
        yield from self._always
        for table, words in ((self._stems, post.stems), (self._words, post.exact)):
            for word in table.keys() & words:
                yield from table[word]
        if self._lengths:
            beginnings = {word[:length] for word in post.exact for length in self._lengths}
            for beginning in self._prefixes.keys() & beginnings:
                yield from self._prefixes[beginning]
        for field, table in self._fields.items():
            for value in post.fields.get(field, ()):
                yield from table.get(value, ())
