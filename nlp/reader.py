"""Posts in, readings out: streaming through the pipeline, in order, one reading per post."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from spacy.language import Language
from spacy.tokens import Doc

from domain.posts import RawPost
from domain.reading import Reading, TopicScore
from domain.text.tokens import NORM_VERSION
from nlp.asking import BATCH
from nlp.deciders import Encoding, Ranking


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
    told = doc._
    intent: Ranking = told.intent
    topic: Ranking = told.topic
    sentiment: Ranking = told.sentiment
    encoding: Encoding | None = told.encoding
    return Reading(
        post_id=post.id,
        revision=post.revision,
        language=told.language,
        intent=intent.best.label,
        intent_p=intent.best.p,
        topics=tuple(TopicScore(code=x.label, p=x.p, evidence=x.evidence) for x in topic.answers),
        sentiment=sentiment.best.label,
        sentiment_p=sentiment.best.p,
        urgency=told.urgency,
        urgency_cue=told.urgency_cue,
        oversight=told.oversight,
        abuse=told.abuse,
        places=told.places,
        addresses=told.addresses,
        agencies=told.agencies,
        near=told.near,
        norm_version=NORM_VERSION,
        decided_by=told.decided_by,
        vector=encoding.vector if encoding else None,
    )
