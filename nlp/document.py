"""How a post stands on a spaCy Doc: its words and tokens go in, each component writes what it declares."""

from __future__ import annotations

from spacy.tokens import Doc
from spacy.vocab import Vocab

from domain.text.tokens import tokenize

# name -> written by the component of that task; all None until then, but for the first three
EXTENSIONS = (
    "words",  # str: RawPost.words, what every offset points into
    "tokens",  # list[Token] of them
    "decided_by",  # dict: task -> who answered, with version
    "folded",  # list[str]: each token's surface, folded but not mapped ("teros" is a village, not "terus")
    "stream",  # str: the exact forms, each between two spaces
    "language",  # Language
    "places",  # tuple[PlaceMention, ...]
    "agencies",  # tuple[Span, ...]
    "urgency",  # Urgency
    "urgency_cue",  # Span | None
    "oversight",  # Oversight | None
    "abuse",  # bool
    "near",  # tuple[int, ...]
    "intent",  # nlp.deciders.Ranking of each of these three
    "topic",
    "sentiment",
)


def register() -> None:
    """Make the attributes known to spaCy. Doing it again changes nothing."""
    for name in EXTENSIONS:
        Doc.set_extension(name, default=None, force=True)


class PostTokenizer:
    """Makes a Doc of a post's words by the shared text rules. Empty posts give empty Docs.

    The Doc's own tokens are the exact forms: its text is a normalised shadow, offsets belong to `doc._.words`.
    """

    def __init__(self, vocab: Vocab) -> None:
        self._vocab = vocab

    def __call__(self, text: str) -> Doc:
        tokens = tokenize(text)
        doc = Doc(self._vocab, words=[t.exact for t in tokens])
        doc._.words = text
        doc._.tokens = tokens
        doc._.decided_by = {}
        return doc
