"""Vehicle plates: area letters of Indonesia, 1-4 digits, 1-3 letters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.labels import PiiKind
from domain.text.pii.found import PiiFound

_AREA_LETTERS = (
    "AA AB AD AE AG BA BB BD BE BG BH BK BL BM BN BP DA DB DC DD DE DG DH DK DL DM DN DP DR DS DT DW EA EB ED KB KH KT"
    " KU PA PB PG PS PT A B D E F G H K L M N P R S T W Z"
)
_AREAS = frozenset(_AREA_LETTERS.split())
_PLATE = re.compile(r"(?<![\w./-])([A-Za-z]{1,2})[ .\-]{0,2}(\d{1,4})[ .\-]{0,2}([A-Za-z]{1,3})(?!\w)")
_CUE = re.compile(
    r"\b(?:plat|pelat|plate|nopol|no\.? ?pol|nomor polisi|stnk|bpkb|motor|spm|sepeda motor|mobil|truk|truck|bus|bis"
    r"|pick ?up|pikap|dump|tronton|avanza|xenia|innova|kijang|beat|vario|scoopy|mio|nmax|pcx|aerox|supra|revo|satria"
    r"|vixion|ninja|kendaraan|angkot|ojek|travel|ambulans|ambulan|fuso|l300|granmax|carry|agya|ayla|brio|jazz|fortuner"
    r"|pajero|hilux|triton|honda|yamaha|suzuki|toyota|daihatsu|mitsubishi)\b",
    re.IGNORECASE,
)
_WITHOUT_LETTERS = re.compile(
    r"\b(?:plat|pelat|plate|nopol|no\.? ?pol|nomor polisi)(?: nomor)?[ :.]{1,2}"
    r"([A-Za-z]{1,2})[ .\-]{0,2}(\d{3,4})(?!\w)",
    re.IGNORECASE,
)
_CUE_REACH = 40  # code points: "motor Honda Beat warna hitam tahun 2019 nopol ..."
_NOT_BEFORE = re.compile(
    r"\b(?:blok|block|gang|gg|lantai|lt|kelas|kls|tipe|type|ruang|kamar|gedung|rute|jalur|no|nomor|rt|rw|km|pasal|ayat"
    r"|golongan|gol|sim|jl|jln|jalan|perum|btn)\.? ?$",
    re.IGNORECASE,
)
# Words and units that follow a number in capitals without being a plate's letters ("PROGRAM KB 2024 DI LOMBOK").
_UNITS = "DI DAN KE YG KG KM CM MM RT RW RB JT TH THN BLN JAM WIB ORG KK PT CV X M OK PM AM II III IV VI WNI ASN PNS"
_NOT_LETTERS = frozenset(_UNITS.split())
_SURE_DIGITS = 3
_YEAR = re.compile(r"(?:19|20)\d\d")
# Short words without vowels that people type after a number: no plate's letters when written small.
_SHORTHAND = (
    "yg dgn dr jl jln km kg th thn bln jg tdk sy kk rt rw hr mnt pm kpd dg sd smp bgt krn utk pd tp sdh blm lg kl"
)
_SMALL_WORDS = frozenset(_SHORTHAND.split())
_NO_WORD = frozenset("BD BG BH BK BL BM BN DK EA EB ED KH KT".split())  # areas that nobody types for a word
_SMALL_ENDINGS = frozenset("di ke ya ini itu dan apa org ada aja kok lah loh nih pak bu bpk kali mau mas om to".split())
_CONSONANTS = re.compile(r"[^aeiou]{2,3}")


def find_plates(text: str) -> Iterator[PiiFound]:
    """Yield the plates of a text. Small letters and short numbers count only after a word for a vehicle."""
    for found in _PLATE.finditer(text):
        area, digits, letters = found.groups()
        if area.upper() not in _AREAS or digits[0] == "0":
            continue
        before = text[max(0, found.start() - _CUE_REACH) : found.start()]
        if _NOT_BEFORE.search(before):
            continue
        if (
            _CUE.search(before)
            or _sure(found[0], area, digits, letters)
            or _sure_though_small(*found.group(0, 1, 2, 3))
        ):
            yield PiiFound(PiiKind.PLATE, found.start(), found.end(), f"{area} {digits} {letters}".upper())
    for found in _WITHOUT_LETTERS.finditer(text):
        if found[1].upper() in _AREAS:
            yield PiiFound(PiiKind.PLATE, found.start(1), found.end(2), f"{found[1]} {found[2]}".upper())


def _sure(written: str, area: str, digits: str, letters: str) -> bool:
    """Say whether this can only be a plate, whatever stands before it."""
    if written != written.upper() or area == "PT":
        return False
    if letters in _NOT_LETTERS:  # "EA 1234 X" all the same: nothing is counted to four digits and ten
        return letters in {"X", "V"} and len(area) == 2 and len(digits) == 4 and not _YEAR.fullmatch(digits)  # noqa: PLR2004
    return len(digits) >= _SURE_DIGITS or (len(area) == 2 and len(digits) == 2 and len(letters) >= 2)  # noqa: PLR2004


def _sure_though_small(written: str, area: str, digits: str, letters: str) -> bool:
    """Say whether small letters can only be a plate's: a two-letter area, and an ending that is no word."""
    if len(area) != 2 or len(digits) < _SURE_DIGITS or _YEAR.fullmatch(digits) or letters.upper() in _NOT_LETTERS:  # noqa: PLR2004
        return False
    if area.upper() in _NO_WORD:
        return letters.lower() not in _SMALL_ENDINGS | _SMALL_WORDS
    glued = written == f"{area}{digits}{letters}"
    return glued or (letters.lower() not in _SMALL_WORDS and bool(_CONSONANTS.fullmatch(letters.lower())))
