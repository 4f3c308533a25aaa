"""How a post stands on a spaCy Doc: its words and tokens go in, each component writes what it declares.

What is written stands in one `Notes` per Doc. `doc._.<name>` shows the same to whoever holds a Doc; components take the
notes themselves, because spaCy's way costs a microsecond or two each time, and a post would be asked sixty times.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import partial
from typing import cast

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

from domain.labels import Language as Tongue
from domain.labels import Urgency
from domain.reading import Oversight, PlaceMention, Span
from domain.text.tokens import Token
from nlp.deciders import Encoding, Ranking, Task

TOKENIZER = "jaring.PostDoc"  # spaCy's own would read 16,000 exceptions of Indonesian at every start
NOTES = "notes"  # key of `Doc.user_data`
UNRANKED = Ranking((), "")


@dataclass(slots=True)
class Notes:
    """What is known of one post. Each part is written by the component that declares it, and empty until then."""

    words: str  # RawPost.words, what every offset points into
    tokens: Sequence[Token] = ()  # of them
    folded: Sequence[str] = ()  # each token's surface, folded but not mapped ("teros" is a village, not "terus")
    stream: str = "  "  # the exact forms, each between two spaces
    decided_by: dict[str, str] = field(default_factory=dict)  # task -> who answered, with version
    answers: dict[str, Mapping[Task, Ranking]] = field(default_factory=dict)  # decider's name -> its answers
    language: Tongue = Tongue.OTHER
    encoding: Encoding | None = None  # None where the post was not encoded
    places: tuple[PlaceMention, ...] = ()
    addresses: tuple[Span, ...] = ()
    agencies: tuple[Span, ...] = ()
    urgency: Urgency = Urgency.ORDINARY
    urgency_cue: Span | None = None
    oversight: Oversight | None = None
    abuse: bool = False
    near: tuple[int, ...] = ()
    intent: Ranking = UNRANKED
    topic: Ranking = UNRANKED
    sentiment: Ranking = UNRANKED


def notes_of(doc: Doc) -> Notes:
    """Return what is known of the post on a Doc."""
    return cast("Notes", doc.user_data[NOTES])


def register() -> None:
    """Make the notes known to spaCy as attributes. Doing it again changes nothing."""
    for part in fields(Notes):
        read, write = partial(_read, name=part.name), partial(_write, name=part.name)
        Doc.set_extension(part.name, getter=read, setter=write, force=True)
    registry.tokenizers(TOKENIZER, func=_post_doc_factory)


def _read(doc: Doc, *, name: str) -> object:
    return getattr(notes_of(doc), name)


def _write(doc: Doc, value: object, *, name: str) -> None:
    setattr(notes_of(doc), name, value)


class PostDoc:
    """Makes the Doc that a post's words travel on. Stands where spaCy has its tokenizer.

    The Doc has no spaCy tokens: our own carry offsets and two normal forms, nothing reads others, and
    their lexemes would cost a third of the time and grow with every new word.
    """

    def __init__(self, vocab: Vocab) -> None:
        self._vocab = vocab

    def __call__(self, text: str) -> Doc:
        return Doc(self._vocab, user_data={NOTES: Notes(text)})


def _post_doc_factory() -> Callable[[Language], PostDoc]:
    return lambda language: PostDoc(language.vocab)
