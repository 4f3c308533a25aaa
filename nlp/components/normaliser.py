"""The words of a post as every component reads them: tokens, and two spellings that lexicons look into."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from domain.text.tokens import NORM_VERSION, fold, tokenize
from nlp.document import WORDS


@Language.factory(
    "normaliser",
    assigns=["doc._.words", "doc._.tokens", "doc._.folded", "doc._.stream", "doc._.decided_by"],
)
def create_normaliser(nlp: Language, name: str) -> Normaliser:  # noqa: ARG001  spaCy's signature
    """Make the component."""
    return Normaliser()


class Normaliser:
    """Writes words, tokens, folded surfaces and the exact stream, and begins the list of who decided what."""

    by = f"aturan-teks/{NORM_VERSION}"

    def __call__(self, doc: Doc) -> Doc:
        words = doc.user_data[WORDS]
        tokens = tokenize(words)
        given = doc._
        given.words = words
        given.tokens = tokens
        given.folded = [fold(words[t.start : t.end]) for t in tokens]
        given.stream = f" {' '.join([t.exact for t in tokens])} "
        given.decided_by = {"normal": self.by}
        return doc
