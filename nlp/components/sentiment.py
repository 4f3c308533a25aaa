"""The sentiment of a post: how the writer feels about the matter."""

from __future__ import annotations

from spacy.language import Language

from nlp.asking import FAST, Asks, register_deciders
from nlp.deciders import Decider, Task

register_deciders()


@Language.factory(
    "sentiment",
    assigns=["doc._.sentiment"],
    requires=["doc._.words", "doc._.tokens"],
    default_config={"decider": {"@misc": FAST}},
)
def create_sentiment(nlp: Language, name: str, decider: Decider) -> Asks:  # noqa: ARG001  spaCy's signature
    """Make the component around whoever decides."""
    return Asks(decider, Task.SENTIMENT)
