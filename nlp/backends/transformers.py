"""A Hugging Face sequence-classification checkpoint as the decider of one task. Needs the extra `transformers`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from domain.errors import CatalogueError
from domain.labels import Intent, Sentiment
from domain.taxonomy import load_taxonomy
from nlp.deciders import Answer, Heard, Ranking, Task
from nlp.linear.decider import TOP

BATCH = 16  # texts of a run: what a processor's cache holds of a base-size model
_NOTHING = "."  # stands for a post without words: some tokenizers make no token of that, which no network takes
_MAX_TOKENS = 512  # of a tokenizer that states no limit
_NO_LIMIT = 100_000  # what such a tokenizer states instead is astronomical
# What published checkpoints call feelings.
_USUAL = {
    Task.SENTIMENT: {
        "positive": "positif", "pos": "positif", "negative": "negatif", "neg": "negatif", "neutral": "netral",
        "neu": "netral",
    },
}  # fmt: skip


class TransformersDecider:
    """Answers one task with a checkpoint; its own labels are mapped to ours. Evidence is empty."""

    def __init__(self, task: Task, name: str, pipeline: Any, labels: Mapping[str, str]) -> None:
        self._task = task
        self._name = name
        self._pipeline = pipeline
        self._labels = labels

    @classmethod
    def load(cls, task: Task, model: str, labels: Mapping[str, str]) -> Self:
        """Load a local folder, or a model of the hub by name; `labels` say which of ours each of its own is.

        Raises:
            CatalogueError: the extra is not installed, there is no such model, or its labels are not the task's.
        """
        try:
            import torch  # noqa: F401, PLC0415  five gigabytes: only who names a checkpoint has it
            from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline  # noqa: PLC0415
        except ImportError as cause:
            raise CatalogueError(
                f"{task} is to be read by transformers:{model}, but transformers is not installed: "
                "pip install 'jaring[transformers]'"
            ) from cause
        try:
            network = AutoModelForSequenceClassification.from_pretrained(model)
            tokenizer = AutoTokenizer.from_pretrained(model)
        except (OSError, ValueError) as cause:
            raise CatalogueError(f"transformers:{model} cannot be loaded ({str(cause).splitlines()[0]})") from cause
        ours = labels_of(task, model, list(network.config.id2label.values()), labels)
        reach = tokenizer.model_max_length if tokenizer.model_max_length < _NO_LIMIT else _MAX_TOKENS
        reads = pipeline(
            "text-classification", model=network, tokenizer=tokenizer, top_k=None, function_to_apply="softmax",
            truncation=True, max_length=reach, batch_size=BATCH,
        )  # fmt: skip
        return cls(task, f"transformers:{Path(model).name}", reads, ours)

    @property
    def name(self) -> str:
        return self._name

    @property
    def tasks(self) -> frozenset[Task]:
        return frozenset({self._task})

    def decide(self, posts: Sequence[Heard]) -> Sequence[Mapping[Task, Ranking]]:
        said = self._pipeline([post.words if post.words.strip() else _NOTHING for post in posts]) if posts else ()
        return [{self._task: self._ranking(scores)} for scores in said]

    def _ranking(self, scores: Sequence[Mapping[str, Any]]) -> Ranking:
        """Labels that stand for the same of ours share their probabilities."""
        shares: dict[str, float] = {}
        for score in scores:
            label = self._labels[score["label"]]
            shares[label] = shares.get(label, 0.0) + float(score["score"])
        best = sorted(shares.items(), key=lambda share: -share[1])[:TOP]
        return Ranking(tuple(Answer(label, p) for label, p in best), self._name)


def labels_of(task: Task, model: str, theirs: Sequence[str], written: Mapping[str, str]) -> dict[str, str]:
    """Return our label for each of a checkpoint's: as written, by the same name, or by the usual English of feelings.

    Raises:
        CatalogueError: a label means nothing here.
    """
    usual = _USUAL.get(task, {})
    ours = {x: written.get(x, usual.get(x.lower(), x.lower())) for x in theirs}
    allowed = _labels_of_task(task)
    if strange := sorted(x for x in theirs if ours[x] not in allowed):
        raise CatalogueError(
            f"transformers:{model} answers {', '.join(strange)}, which is no {task} here: say in pipeline.toml what "
            f'each means, [backends.{task}] labels = {{ "{strange[0]}" = "..." }}'
        )
    return ours


def _labels_of_task(task: Task) -> frozenset[str]:
    if task is Task.TOPIC:
        return frozenset(topic.code for topic in load_taxonomy().topics)
    return frozenset(Intent) if task is Task.INTENT else frozenset(Sentiment)
