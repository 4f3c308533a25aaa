"""Posts in, readings out: streaming through the pipeline, in order, one reading per post."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from spacy.language import Language
from spacy.tokens import Doc

from domain.posts import RawPost
from domain.reading import Reading
from domain.text.tokens import NORM_VERSION
from nlp.asking import BATCH
from nlp.document import notes_of


class PostReader:
    """Reads posts with a pipeline, `batch` of them in memory at once. Implements `domain.ports.Reader`.

    As many as a decider takes are enough: more only leave the processor's cache. It holds no state between posts.
    """

    def __init__(self, language: Language, *, batch: int = BATCH) -> None:
        self._language = language
        self._batch = batch

    def read(self, posts: Iterable[RawPost]) -> Iterator[Reading]:
        """Yield the reading of each post, in order. Empty posts are read too."""
        source = iter(posts)
        while batch := list(islice(source, self._batch)):
            docs = self._language.pipe([post.words for post in batch], batch_size=self._batch)
            for post, doc in zip(batch, docs, strict=True):
                yield _reading(post, doc)


def _reading(post: RawPost, doc: Doc) -> Reading:
    """The reading, its parts checked and made with it in one go."""
    told = notes_of(doc)
    return Reading.model_validate(
        {
            "post_id": post.id,
            "revision": post.revision,
            "language": told.language,
            "intent": told.intent.best.label,
            "intent_p": told.intent.best.p,
            "topics": tuple([{"code": x.label, "p": x.p, "evidence": x.evidence} for x in told.topic.answers]),
            "sentiment": told.sentiment.best.label,
            "sentiment_p": told.sentiment.best.p,
            "urgency": told.urgency,
            "urgency_cue": told.urgency_cue,
            "oversight": told.oversight,
            "abuse": told.abuse,
            "places": told.places,
            "addresses": told.addresses,
            "agencies": told.agencies,
            "near": told.near,
            "norm_version": NORM_VERSION,
            "decided_by": told.decided_by,
            "vector": told.encoding.vector if told.encoding else None,
        }
    )
