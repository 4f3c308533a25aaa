"""What a thousand saved searches cost a post, beside trying every one of them by the plain reading of its tree."""

from __future__ import annotations

import random
import time

from benches.corpus import REGIONS, cases, vocabulary
from benches.figures import Figure
from domain.documents import PostDocument
from domain.query import matches, parse_query
from domain.search import Filters
from domain.text.tokens import tokenize
from domain.watches import WatchIndex, WatchRule
from domain.watches.conditions import asked_fields, tree_of
from domain.watches.words import PostWords

WATCHES = 1_000
POSTS = 2_000
TRIED = 100  # posts for the loop over all searches: it takes a hundred times as long
AIM_MS = 1.0


def main() -> list[Figure]:
    """Match POSTS posts with WATCHES searches of all kinds in one region; return milliseconds a post."""
    rules, posts = _rules(), list(_posts(POSTS))
    began = time.process_time()
    index = WatchIndex(rules)
    built = time.process_time() - began
    cold = _mean(index, posts[:500])  # before it has learnt which words are rare
    warm = _mean(index, posts[500:])
    began = time.process_time()
    for post in posts[:TRIED]:
        words, fields = tokenize(post.words), asked_fields(post)
        naive = [rule.id for rule in rules if matches(rule.node, words, fields)]
        if naive != index.matching(post):
            raise AssertionError(post.words)
    loop = (time.process_time() - began) / TRIED * 1_000
    began = time.process_time()
    for post in posts:
        PostWords.of(post)
    cut = (time.process_time() - began) / POSTS * 1_000
    aim = f"≤ {AIM_MS:.0f} ms (batas: tiap pantauan dicoba)"
    return [
        Figure(f"{WATCHES} pantauan, satu kiriman", warm, "ms", loop, warm / loop, aim, warm <= AIM_MS),
        Figure("  sebelum kata langka dikenal", cold, "ms", loop, cold / loop, aim, cold <= AIM_MS),
        Figure("  memotong kata saja", cut, "ms", None, None, "–", met=True),
        Figure("  menyusun indeks pantauan", built * 1_000, "ms", None, None, "≤ 200 ms", built <= 0.2),
    ]


def _mean(index: WatchIndex, posts: list[PostDocument]) -> float:
    began = time.process_time()
    for post in posts:
        index.matching(post)
    return (time.process_time() - began) / len(posts) * 1_000


def _posts(count: int) -> list[PostDocument]:
    return [post.model_copy(update={"region": REGIONS[0]}) for post in cases(count)]


def _rules() -> list[WatchRule]:
    """Searches as people write them, in one region; each fiftieth requires no word at all."""
    chance = random.Random(2)
    words, weights = vocabulary()

    def word() -> str:
        return chance.choices(words, cum_weights=weights)[0]

    forms = (
        lambda: f"{word()} {word()}",
        lambda: f'"{word()} {word()}" OR {word()} {word()}',
        lambda: f"{word()} NEAR/5 {word()}",
        lambda: f"({word()} OR {word()}) {word()} NOT {word()}",
        lambda: f"{word()[:5]}* {word()}",
        lambda: f"topic:{chance.choice('abcdefghij')} {word()}",
    )
    rules = []
    for n in range(WATCHES):
        if n % 50:
            node = tree_of(chance.choice(forms)(), Filters())
        elif n % 100:
            node = parse_query(f"NOT {word()} sentiment:negatif opd:opd{chance.randint(0, 29)}")
        else:
            node = parse_query(f"NOT ({word()} OR {word()})")
        rules.append(WatchRule(str(n), REGIONS[0], node))
    return rules
