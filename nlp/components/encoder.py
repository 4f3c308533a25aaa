"""The encoding of a post: its vector of meaning and the encoder's probabilities, made once for all who read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from spacy.language import Language
from spacy.tokens import Doc

from nlp.asking import heard, leave_answers, register_deciders
from nlp.document import notes_of
from nlp.encoder.cascade import Cascade

WINDOW = 256  # posts of which those to encode are laid side by side by length: enough that few words are padding

register_deciders()


@Language.factory(
    "encoder",
    assigns=["doc._.encoding"],
    requires=["doc._.words", "doc._.tokens"],
    default_config={"cascade": None},
)
def create_encoder(nlp: Language, name: str, cascade: Cascade | None) -> Encodes:  # noqa: ARG001  spaCy's signature
    """Make the component around the cascade that says which posts are encoded; without one, none are."""
    return Encodes(cascade)


class Encodes:
    """Writes the encoding of the posts that the cascade encodes, and None on the others.

    The cascade's answers to intent, topic and sentiment fall to it on the way: they wait on the Doc for the components
    that ask the same decider.
    """

    def __init__(self, cascade: Cascade | None) -> None:
        self._cascade = cascade

    def __call__(self, doc: Doc) -> Doc:
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = WINDOW) -> Iterator[Doc]:
        """Read a stream in windows, in order."""
        if self._cascade is None:
            yield from stream
            return
        docs = iter(stream)
        while batch := list(islice(docs, min(batch_size, WINDOW))):
            for doc, told in zip(batch, self._cascade.read([heard(doc) for doc in batch]), strict=True):
                leave_answers(doc, self._cascade.linear.name, told.linear)
                leave_answers(doc, self._cascade.name, told.answers)
                given = notes_of(doc)
                given.encoding = told.encoding
                if told.encoding is not None:
                    given.decided_by["encoding"] = told.encoding.by
            yield from batch
