"""How fast place names are matched on one core, beside the automaton's own rate on the same words.

Matching alone is counted: the words are already tokenised and folded, as every component gets them. "Menemukan" is one
pass of the automaton with word boundaries; "tempat" the whole component (everyday words, persons, typing errors, the
mentions); "alamat" the addresses. Seconds of the processor, best of REPEATS, posts of 40 tokens.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Iterable
from functools import partial
from typing import TypeVar

import ahocorasick

from benches.figures import Figure
from benches.line import texts
from domain.reading import PlaceMention
from domain.regions import RegionProfile, load_regions
from domain.regions.reference import gazetteer_entries
from domain.text.tokens import Token, tokenize
from jaring.work import settle
from nlp.components.addresses import addresses_in
from nlp.components.normaliser import folded_words
from nlp.components.places import mentions
from nlp.gazetteer import Gazetteer, words_of

POSTS = 3_000
TOKENS = 40  # a post of ordinary length
REPEATS = 5
AIM_PER_SECOND = 20_000.0
Given = TypeVar("Given")
Post = tuple[str, list[Token], list[str]]


def main() -> list[Figure]:
    """Match POSTS posts on one core, with one region's names and with all of them."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    words = " ".join(texts(POSTS * 2)).split()
    posts = [_post(" ".join(words[n * TOKENS : (n + 1) * TOKENS])) for n in range(POSTS)]
    figures = []
    for title, slugs in (("satu wilayah", ("lombok-barat",)), ("semua wilayah", None)):
        profiles = load_regions(slugs)
        gazetteer = Gazetteer(profiles)
        settle()  # as the reading process does
        streams = [f" {' '.join(folded)} " for _, _, folded in posts]
        bare = _rate(_automaton(profiles.values()).iter, streams)
        found = _rate(gazetteer.find, streams)
        told = _rate(partial(_mentioned, gazetteer), posts)
        figures.append(_figure(f"menemukan nama tempat, {title}", found, bare))
        figures.append(_figure(f"tempat, {title}, {TOKENS} token", told, bare))
    figures.append(_figure("alamat dan patokan", _rate(lambda post: addresses_in(*post), posts), None))
    return figures


def _post(text: str) -> Post:
    tokens = tokenize(text)
    return text, tokens, folded_words(text, tokens)


def _automaton(profiles: Iterable[RegionProfile]) -> ahocorasick.Automaton:
    """The names alone in an automaton, with nothing of ours around it."""
    bare = ahocorasick.Automaton()
    for entry in gazetteer_entries(profiles):
        for spelling in (entry.name, *entry.aliases):
            bare.add_word(f" {' '.join(words_of(spelling))} ", 1)
    bare.make_automaton()
    return bare


def _mentioned(gazetteer: Gazetteer, post: Post) -> list[PlaceMention]:
    return mentions(gazetteer, *post)


def _rate(work: Callable[[Given], Iterable[object]], given: Collection[Given]) -> float:
    """Return how many of the given are worked through to the end in a second of the processor, at best."""
    best = float("inf")
    for _ in range(REPEATS):
        began = time.process_time()
        for each in given:
            for _found in work(each):
                pass
        best = min(best, time.process_time() - began)
    return len(given) / best


def _figure(name: str, rate: float, bare: float | None) -> Figure:
    aim = f"≥ {AIM_PER_SECOND:.0f}/dtk" + (" (batas: automatonnya saja)" if bare else "")
    return Figure(name, rate, "kiriman/dtk", bare, rate / bare if bare else None, aim, rate >= AIM_PER_SECOND)
