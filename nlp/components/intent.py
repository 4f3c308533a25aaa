"""The intent of a post: what the writer wants."""

from __future__ import annotations

from spacy.language import Language

from nlp.asking import FAST, Asks, register_deciders
from nlp.deciders import Decider, Task

register_deciders()


@Language.factory(
    "intent",
    assigns=["doc._.intent"],
    requires=["doc._.words", "doc._.tokens"],
    default_config={"decider": {"@misc": FAST}},
)
def create_intent(nlp: Language, name: str, decider: Decider) -> Asks:  # noqa: ARG001  spaCy's signature
    """Make the component around whoever decides."""
    return Asks(decider, Task.INTENT)
