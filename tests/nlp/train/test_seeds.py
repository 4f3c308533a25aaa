from __future__ import annotations

import json
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from domain.errors import CatalogueError
from domain.labels import Intent, Sentiment, Urgency
from domain.taxonomy import load_taxonomy
from nlp.deciders import NO, YES
from nlp.train.augment import VARIANTS, with_variants
from nlp.train.examples import Example, distinct
from nlp.train.forms import form_examples
from nlp.train.readers import surabaya_topics, taxonomy_phrases
from nlp.train.seeds import ACCUSED, post_examples, read_posts, seed_examples, task_examples

GOLD = Path(__file__).parents[2] / "gold"
TOO_ALIKE = 0.6  # Jaccard over word pairs: above it a gold post would be half learnt by heart
LEAST_PER_TOPIC = 14
PLENTY = 25  # of the topics that no public set teaches, which are most
LEAST_PER_TASK = {"urgency": 300, "oversight": 450, "abuse": 120}


POST = (
    '{"words": "jalan rusak", "intent": "pengaduan", "topic": "jalan.rusak", "sentiment": "negatif",'
    ' "urgency": "biasa", "accuses": null, "abuse": false}'
)


@pytest.fixture(scope="module")
def seeds() -> list[Example]:
    return list(seed_examples())


def pairs(words: str) -> set[str]:
    tokens = re.findall(r"[a-z0-9]+", words.lower())
    return {" ".join(x) for x in pairwise(tokens)} or set(tokens)


def test_every_topic_has_enough_sentences_of_several_intents(seeds: list[Example]) -> None:
    count = Counter(x.topic for x in seeds)
    assert set(count) == set(load_taxonomy().topic_codes)
    assert min(count.values()) >= LEAST_PER_TOPIC
    assert sum(n >= PLENTY for n in count.values()) >= len(count) * 2 / 3
    assert len(seeds) >= 1_500
    for topic in load_taxonomy().topic_codes:
        assert len({x.intent for x in seeds if x.topic == topic}) >= 2, topic


def test_seed_labels_are_of_the_vocabulary(seeds: list[Example]) -> None:
    assert {x.intent for x in seeds} == set(Intent)
    assert {x.sentiment for x in seeds} == set(Sentiment)


def test_tasks_that_no_data_set_covers_have_seeds_of_every_label() -> None:
    tasks = list(task_examples())
    own = {task: [x for x in tasks if x.label(task) is not None] for task in LEAST_PER_TASK}
    for task, least in LEAST_PER_TASK.items():
        assert len(own[task]) >= least, task
    assert Counter(x.urgency for x in tasks).keys() == set(Urgency)
    assert Counter(x.oversight for x in tasks)[YES] >= 200
    assert Counter(x.abuse for x in tasks)[YES] >= 60
    assert {x.accused for x in tasks if x.oversight == YES} == ACCUSED
    assert all(x.accused is None for x in tasks if x.oversight != YES)


def test_complaints_say_whether_they_accuse_and_nothing_else_does(seeds: list[Example]) -> None:
    assert sum(x.oversight == YES for x in seeds) >= 50
    assert {x.intent for x in seeds if x.oversight != NO} == {Intent.COMPLAINT}


def test_no_seed_is_like_a_gold_post(seeds: list[Example]) -> None:
    learnt = [pairs(x.words) for x in [*seeds, *task_examples(), *post_examples(), *form_examples(seed=1)]]
    by_pair: dict[str, set[int]] = {}
    for n, shingles in enumerate(learnt):
        for pair in shingles:
            by_pair.setdefault(pair, set()).add(n)
    asked = [x.words for x in read_posts(sorted((GOLD / "reading").glob("*.jsonl")), "gold")]
    for path in sorted(GOLD.glob("*.jsonl")):
        told = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        asked += [f"{gold['title'] or ''} {gold['text']}" for gold in told]
    assert len(asked) >= 1_400
    for words in asked:
        shingles = pairs(words)
        shared = Counter(n for pair in shingles for n in by_pair.get(pair, ()))
        worst = max((k / len(shingles | learnt[n]) for n, k in shared.items()), default=0.0)
        assert worst <= TOO_ALIKE, words[:60]


def test_posts_with_all_labels_are_many_and_of_every_label() -> None:
    posts = list(post_examples())
    assert len(posts) >= 2_000
    assert {x.intent for x in posts} == set(Intent)
    assert {x.urgency for x in posts} == set(Urgency)
    assert {x.topic for x in posts} == set(load_taxonomy().topic_codes)
    assert {x.accused for x in posts} == {None, *ACCUSED}
    assert all((x.oversight == YES) == (x.accused is not None) for x in posts)


@pytest.mark.parametrize(
    "line",
    [
        "{",
        '{"words": "jalan rusak"}',
        POST.replace("jalan.rusak", "jalan.licin"),
        POST.replace("pengaduan", "keluhan"),
        POST.replace("null", '"bupati"'),
        POST.replace("false", "0"),
    ],
)
def test_a_post_with_a_wrong_label_is_refused_with_its_line(line: str, tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_text(f"{POST}\n{line}\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"posts\.jsonl, line 2"):
        list(read_posts([path], "posts"))


def test_variants_keep_labels_and_stay_with_their_sentence(seeds: list[Example]) -> None:
    some = seeds[:40]
    varied = list(with_variants(some, seed=3))
    assert len(varied) == len(some) * (1 + VARIANTS)
    by_words = {x.words: x for x in some}
    for variant in varied:
        if variant.group:
            source = by_words[variant.group]
            assert (variant.topic, variant.intent, variant.sentiment) == (source.topic, source.intent, source.sentiment)
            assert variant.weight < source.weight


def test_the_same_seed_gives_the_same_examples(seeds: list[Example]) -> None:
    assert list(with_variants(seeds[:50], seed=5)) == list(with_variants(seeds[:50], seed=5))
    assert list(form_examples(seed=5)) == list(form_examples(seed=5))


def test_copies_of_a_text_are_one_example_that_knows_all_labels() -> None:
    (one,) = distinct(
        [Example("Jalan  rusak", "a", topic="jalan.rusak"), Example("jalan rusak", "b", intent="pengaduan")]
    )
    assert (one.source, one.topic, one.intent) == ("a", "jalan.rusak", "pengaduan")


def test_the_map_of_city_categories_names_known_topics() -> None:
    topics = surabaya_topics()
    assert topics["PJU"] == "penerangan.pju"
    assert set(topics.values()) <= set(load_taxonomy().topic_codes)
    assert {x.topic for x in taxonomy_phrases()} == set(load_taxonomy().topic_codes)
