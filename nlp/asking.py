"""What intent, topic and sentiment share: they ask one decider, and each post is put to it once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import islice

from spacy.tokens import Doc
from spacy.util import registry

from nlp.deciders import Decider, Heard, Task
from nlp.linear.decider import load_decider

FAST = "jaring.decider.linear"  # the registered name of the decider that always is there
BATCH = 64  # posts put to a decider at once: rows of one sparse product; more gains nothing


@cache
def linear_decider() -> Decider:
    """Return the decider of the shipped weights: one for all components that ask for it."""
    return load_decider()


def register_deciders() -> None:
    """Make the deciders known to spaCy's configuration. Doing it again changes nothing."""
    deciders: tuple[tuple[str, Callable[[], Decider]], ...] = ((FAST, linear_decider),)
    for name, make in deciders:
        registry.misc.register(name, func=make)


class Asks:
    """Writes the decider's ranking of one task on `doc._.<task>`, and who gave it."""

    def __init__(self, decider: Decider, task: Task) -> None:
        self._decider = decider
        self._task = task
        self._key = f"answers:{decider.name}"

    def __call__(self, doc: Doc) -> Doc:
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = BATCH) -> Iterator[Doc]:
        """Read a stream in batches, in order."""
        docs = iter(stream)
        while batch := list(islice(docs, min(batch_size, BATCH))):
            self._ask([doc for doc in batch if self._key not in doc.user_data])
            for doc in batch:
                ranking = doc.user_data[self._key][self._task]
                doc._.set(self._task.value, ranking)
                doc._.decided_by[self._task.value] = ranking.by
                yield doc

    def _ask(self, docs: Sequence[Doc]) -> None:
        answers = self._decider.decide([Heard(doc._.words, doc._.tokens) for doc in docs])
        for doc, answer in zip(docs, answers, strict=True):
            doc.user_data[self._key] = answer
