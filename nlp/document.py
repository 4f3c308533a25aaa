"""How a post stands on a spaCy Doc: its words and tokens go in, each component writes what it declares."""

from __future__ import annotations

from collections.abc import Callable

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

TOKENIZER = "jaring.PostDoc"  # spaCy's own would read 16,000 exceptions of Indonesian at every start
WORDS = "words"  # key of `Doc.user_data`: the post's words, until the normaliser takes them up

# Each is written by the component that declares it, and None until then.
EXTENSIONS = (
    "words",  # str: RawPost.words, what every offset points into
    "tokens",  # list[Token] of them
    "decided_by",  # dict: task -> who answered, with version
    "folded",  # list[str]: each token's surface, folded but not mapped ("teros" is a village, not "terus")
    "stream",  # str: the exact forms, each between two spaces
    "language",  # Language
    "encoding",  # nlp.deciders.Encoding | None: None where the post was not encoded
    "places",  # tuple[PlaceMention, ...]
    "addresses",  # tuple[Span, ...]
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
    registry.tokenizers(TOKENIZER, func=_post_doc_factory)


class PostDoc:
    """Makes the Doc that a post's words travel on. Stands where spaCy has its tokenizer.

    The Doc has no spaCy tokens: our own carry offsets and two normal forms, nothing reads others, and
    their lexemes would cost a third of the time and grow with every new word.
    """

    def __init__(self, vocab: Vocab) -> None:
        self._vocab = vocab

    def __call__(self, text: str) -> Doc:
        return Doc(self._vocab, user_data={WORDS: text})


def _post_doc_factory() -> Callable[[Language], PostDoc]:
    return lambda language: PostDoc(language.vocab)
