"""The words of a post as every component reads them: tokens, and two spellings that lexicons look into."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc

from domain.text.tokens import NORM_VERSION, Token, fold, tokenize
from nlp.document import notes_of


def folded_words(words: str, tokens: Sequence[Token]) -> list[str]:
    """Return each token's surface, folded but not mapped; plain ASCII is lowered in one go."""
    if words.isascii() and "'" not in words and "`" not in words:
        lower = words.lower()
        return [lower[start:end] for _, _, start, end in tokens]
    return [fold(words[t.start : t.end]) for t in tokens]


@Language.factory(
    "normaliser",
    assigns=["doc._.words", "doc._.tokens", "doc._.folded", "doc._.stream", "doc._.decided_by"],
)
def create_normaliser(nlp: Language, name: str) -> Normaliser:  # noqa: ARG001  spaCy's signature
    """Make the component."""
    return Normaliser()


class Normaliser:
    """Writes tokens, folded surfaces and the exact stream, and begins the list of who decided what."""

    by = f"aturan-teks/{NORM_VERSION}"

    def __call__(self, doc: Doc) -> Doc:
        given = notes_of(doc)
        words = given.words
        given.tokens = tokens = tokenize(words)
        given.folded = folded_words(words, tokens)
        given.stream = f" {' '.join([t.exact for t in tokens])} "
        given.decided_by = {"normal": self.by}
        return doc
