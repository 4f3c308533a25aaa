"""Members of a group in what they write: their names and mentions are hidden, places that bear a name are not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

NAME: Final = "[nama]"  # stands for a member
SHORTEST: Final = 3  # letters of a name: shorter ones are in every other word
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_MENTION = re.compile(r"@\u2068[^\u2069]{0,100}\u2069|@\+?\d[\d\s\-]{6,}\d")
_TITLES: Final = frozenset(
    "pak bapak bpk pk bu ibu mas mbak mba bang abang kak kakak om tante haji hj h hajah ustadz ustaz ust ustazah tgh"
    " tgkh amaq inaq papuq papuk mamiq miq baiq lalu raden dik adik bli gus ning sdr sdri saudara saudari"
    " bro sis".split()
)
_COMMON: Final = _TITLES | frozenset(
    "tuan guru rt rw kades kadus kepala desa kelurahan dusun lingkungan kampung lurah camat sekdes kaur kasi ketua"
    " wakil sekretaris bendahara admin warga bpd lpm pkk karang taruna posyandu puskesmas pustu polsek polisi babinsa"
    " bhabinkamtibmas kantor dinas toko warung cv ud pt sd smp sma smk tk paud dokter dr bidan perawat kader pos masjid"
    " mushola musholla pondok info grup group official center call the and dan yang dari untuk".split()
)


@dataclass(frozen=True, slots=True)
class Discretion:
    """How a chat is read without giving its people away.

    `mark` is a hash under a key: it tells words apart and tells nothing of them. `spare` are names of places, in lower
    case: a member who is called like one does not hide it.
    """

    mark: Callable[[str], str]
    spare: frozenset[str] = frozenset()


class Names:
    """The members of a group. A whole name is hidden wherever it stands; a part of one after a title or an @."""

    def __init__(self, senders: Iterable[str], spare: frozenset[str]) -> None:
        self._whole: dict[str, list[tuple[str, ...]]] = {}
        self._parts: set[str] = set()
        for sender in senders:
            name = tuple(word.lower() for word in _WORD.findall(sender))
            self._parts.update(word for word in name if _tells(word))
            if any(_tells(word) for word in name) and " ".join(name) not in spare:
                self._whole.setdefault(name[0], []).append(name)
        for names in self._whole.values():
            names.sort(key=len, reverse=True)

    def hide(self, text: str) -> str:
        """The text with `[nama]` in place of members."""
        text = _MENTION.sub(f"@{NAME}", text)
        found = list(_WORD.finditer(text))
        words = [match[0].lower() for match in found]
        parts: list[str] = []
        at = number = 0
        while number < len(found):
            length = self._length_at(words, number) or self._part_at(text, found, words, number)
            if length:
                parts += (text[at : found[number].start()], NAME)
                at = found[number + length - 1].end()
            number += length or 1
        return "".join(parts) + text[at:]

    def _length_at(self, words: Sequence[str], number: int) -> int:
        """How many words from here are a whole name."""
        for name in self._whole.get(words[number], ()):
            if tuple(words[number : number + len(name)]) == name:
                return len(name)
        return 0

    def _part_at(self, text: str, found: Sequence[re.Match[str]], words: Sequence[str], number: int) -> int:
        """1 where a part of a name stands after a title or an @."""
        if words[number] not in self._parts:
            return 0
        start = found[number].start()
        mentioned = text[start - 1 : start] == "@"
        titled = number > 0 and words[number - 1] in _TITLES and not text[found[number - 1].end() : start].strip(" .")
        return int(mentioned or titled)


def _tells(word: str) -> bool:
    """Whether a word of a name points at a person."""
    return len(word) >= SHORTEST and word not in _COMMON
