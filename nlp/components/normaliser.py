"""Both spellings of a post's words that lexicons look into."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from domain.text.tokens import NORM_VERSION, fold


@Language.factory("normaliser", assigns=["doc._.folded", "doc._.stream"], requires=["doc._.words", "doc._.tokens"])
def create_normaliser(nlp: Language, name: str) -> Normaliser:  # noqa: ARG001  spaCy's signature
    """Make the component."""
    return Normaliser()


class Normaliser:
    """Writes the folded surfaces and the exact stream of the post's tokens."""

    by = f"aturan-teks/{NORM_VERSION}"

    def __call__(self, doc: Doc) -> Doc:
        words, tokens = doc._.words, doc._.tokens
        doc._.folded = [fold(words[t.start : t.end]) for t in tokens]
        doc._.stream = f" {' '.join([t.exact for t in tokens])} "
        doc._.decided_by["normal"] = self.by
        return doc
