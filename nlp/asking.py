"""What intent, topic and sentiment share: they ask one decider, and each post is put to it once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from pathlib import Path

from spacy.tokens import Doc
from spacy.util import registry

from nlp.backends.transformers import TransformersDecider
from nlp.deciders import Decider, Heard, Ranking, Task
from nlp.document import notes_of
from nlp.encoder.cascade import Cascade
from nlp.encoder.decider import EncoderDecider
from nlp.encoder.encoder import Encoder
from nlp.encoder.plan import PLAN, read_plan
from nlp.linear.decider import LinearDecider, load_decider

FAST = "jaring.decider.linear"  # the registered name of the decider that always is there
CASCADE = "jaring.decider.cascade"
ENCODER = "jaring.decider.encoder"
TRANSFORMERS = "jaring.decider.transformers"
BATCH = 64  # posts put to a decider at once: rows of one sparse product; more gains nothing


@cache
def linear_decider() -> LinearDecider:
    """Return the decider of the shipped weights: one for all components that ask for it."""
    return load_decider()


@cache
def encoder_of(weights: str, threads: int) -> Encoder:
    """Return the encoder under a folder of weights: one for all that ask for it."""
    return Encoder.load(Path(weights) / "encoder", threads=threads)


@cache
def cascade_of(weights: str, threads: int, doubts: str, *, everything: bool) -> Cascade:
    """Return linear decider and encoder together; `doubts` are the tasks that may call the encoder, by spaces."""
    plan = read_plan(Path(weights) / PLAN)
    tasks = [Task(x) for x in doubts.split()]
    return Cascade(linear_decider(), encoder_of(weights, threads), plan, everything=everything, doubts=tasks)


@cache
def encoder_decider(weights: str, threads: int) -> Decider:
    """Return the encoder alone, as a decider."""
    return EncoderDecider(encoder_of(weights, threads))


def transformers_decider(task: str, model: str, labels: Mapping[str, str]) -> Decider:
    """Return a Hugging Face checkpoint as the decider of one task; `labels` map its names to ours."""
    return TransformersDecider.load(Task(task), model, labels)


def register_deciders() -> None:
    """Make the deciders known to spaCy's configuration. Doing it again changes nothing."""
    deciders: tuple[tuple[str, Callable[..., Decider]], ...] = (
        (FAST, linear_decider),
        (CASCADE, cascade_of),
        (ENCODER, encoder_decider),
        (TRANSFORMERS, transformers_decider),
    )
    for name, make in deciders:
        registry.misc.register(name, func=make)


def heard(doc: Doc) -> Heard:
    """A post as a decider gets it."""
    given = notes_of(doc)
    return Heard(given.words, given.tokens, (), given.encoding)


def leave_answers(doc: Doc, by: str, answers: Mapping[Task, Ranking]) -> None:
    """Leave a decider's answers where components that ask the same one find them."""
    notes_of(doc).answers[by] = answers


class Asks:
    """Writes the decider's ranking of one task on `doc._.<task>`, and who gave it."""

    def __init__(self, decider: Decider, task: Task) -> None:
        self._decider = decider
        self._task = task
        self._part = task.value
        self._name = decider.name

    def __call__(self, doc: Doc) -> Doc:
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = BATCH) -> Iterator[Doc]:
        """Read a stream in batches, in order."""
        docs = iter(stream)
        while batch := list(islice(docs, min(batch_size, BATCH))):
            given = [notes_of(doc) for doc in batch]
            self._ask([doc for doc, notes in zip(batch, given, strict=True) if self._name not in notes.answers])
            for notes in given:
                ranking = notes.answers[self._name][self._task]
                setattr(notes, self._part, ranking)
                notes.decided_by[self._part] = ranking.by
            yield from batch

    def _ask(self, docs: Sequence[Doc]) -> None:
        answers = self._decider.decide([heard(doc) for doc in docs]) if docs else ()
        for doc, answer in zip(docs, answers, strict=True):
            leave_answers(doc, self._name, answer)
