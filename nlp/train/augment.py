"""Variants of seed sentences: other openings and closings, places, dialect words. The meaning stays, and the labels.

They teach that "terima kasih" at the end of a letter is manners and not praise, and that a place name says
nothing about the topic.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from domain.labels import Intent
from nlp.train.examples import Example

VARIANTS = 3
_SHARE = 0.25  # what a variant counts against its sentence

_OPENINGS = (
    "Assalamualaikum admin,",
    "Selamat pagi.",
    "Selamat siang pak,",
    "Halo min,",
    "Yth. Bapak/Ibu,",
    "Min,",
    "Pak,",
    "Kepada Yth. Dinas terkait. Dengan hormat,",
    "Izin melapor,",
    "Mohon maaf sebelumnya,",
    "Permisi kak,",
    "Tabe,",
    "Pelungguh,",
    "Sanak,",
    "Semeton,",
    "Pak wali,",
    "Pak bupati,",
    "Yth. Bapak Gubernur,",
    "Tolong dibaca:",
    "Catatan telepon, pelapor warga:",
    "Saya warga",
    "Kami warga",
)
_CLOSINGS = (
    "Terima kasih.",
    "Terima kasih atas perhatiannya.",
    "Makasih.",
    "🙏",
    "Mohon ditindaklanjuti.",
    "Mohon responnya.",
    "Tolong ya pak.",
    "Suksma.",
    "Tampiasih.",
    "Demikian, atas perhatian Bapak kami ucapkan terima kasih.",
    "Hp [telepon]",
    "Hubungi saya [telepon]",
    "Nama saya Ahmad.",
    "an. Ibu Siti",
    "NIK [nik]",
    "Tks",
)
_CALM_CLOSINGS = ("🙏", "Terima kasih.", "Makasih kak.", "Tks", "Trims ya", "Hp [telepon]")
_PLACES = (
    "Gerung",
    "Narmada",
    "Sekotong",
    "Labuapi",
    "Lingsar",
    "Gunungsari",
    "Kediri",
    "Selong",
    "Masbagik",
    "Aikmel",
    "Pringgabaya",
    "Keruak",
    "Sembalun",
    "Jerowaru",
    "Gading Cempaka",
    "Ratu Agung",
    "Selebar",
    "Kampung Melayu",
    "Muara Bangkahulu",
    "Curup",
    "Arga Makmur",
    "Manna",
    "Mukomuko",
    "Kepahiang",
    "Surabaya",
    "Sukaraja",
    "Lombok Barat",
    "Lombok Timur",
    "Bengkulu",
    "RT 05",
    "RT 03 RW 02",
)
_PLACED = ("di {}", "desa {}", "kel. {}", "kec. {}", "warga {}", "dusun {}")
_DIALECTS: tuple[dict[str, str], ...] = (
    {
        "tidak": "ndeq",
        "sudah": "uah",
        "saya": "tiang",
        "ada": "araq",
        "ini": "ene",
        "kami": "ite",
        "rumah": "bale",
        "jalan": "langan",
        "air": "aiq",
        "bagaimana": "ngumbe",
        "sekali": "gati",
        "semua": "selapuq",
        "di": "leq",
        "yang": "saq",
        "besar": "beleq",
        "anak": "kanak",
        "uang": "kepeng",
        "mau": "mele",
        "berapa": "pire",
        "dan": "dait",
        "sekarang": "nengke",
        "tahun": "taun",
        "hari": "jelo",
        "orang": "dengan",
        "mana": "mbe",
        "kecil": "kodeq",
    },
    {
        "tidak": "dak",
        "sudah": "lah",
        "saya": "ambo",
        "ada": "ado",
        "ini": "ko",
        "kami": "kito",
        "bagaimana": "cak mano",
        "sekali": "nian",
        "semua": "galo",
        "mau": "nak",
        "berapa": "berapo",
        "kenapa": "ngapo",
        "mana": "mano",
        "bisa": "biso",
        "saja": "bae",
        "apa": "apo",
        "siapa": "siapo",
        "minta": "mintak",
        "anak": "budak",
        "kena": "keno",
        "lama": "lamo",
    },
    {
        "tidak": "ga",
        "sudah": "udh",
        "saya": "sy",
        "yang": "yg",
        "dengan": "dgn",
        "untuk": "utk",
        "jalan": "jln",
        "tolong": "tlg",
        "mohon": "mhn",
        "kenapa": "knp",
        "bagaimana": "gmn",
        "terima": "trima",
        "sampai": "smp",
        "belum": "blm",
        "pada": "pd",
        "banyak": "bnyk",
        "orang": "org",
        "karena": "krn",
        "dari": "dr",
        "saja": "aja",
        "tahun": "thn",
    },
)
_WORD = re.compile(r"[a-z]+")


def with_variants(seeds: Iterable[Example], *, seed: int, each: int = VARIANTS) -> Iterator[Example]:
    """Yield every example, followed by `each` variants of it. The same seed gives the same variants."""
    chance = random.Random(seed)  # noqa: S311  no secret
    for example in seeds:
        yield example
        for _ in range(each):
            yield replace(example, words=_variant(example, chance), group=example.words, weight=example.weight * _SHARE)


def _variant(example: Example, chance: random.Random) -> str:
    words = example.words
    if chance.random() < 0.35:  # noqa: PLR2004
        words = _spoken(words, chance.choice(_DIALECTS), chance)
    if example.topic == "lainnya.umum" or example.intent == Intent.OTHER:
        return words if chance.random() < 0.5 else f"{words} {chance.choice(_PLACES)}"  # noqa: PLR2004
    if chance.random() < 0.6:  # noqa: PLR2004
        place = chance.choice(_PLACED).format(chance.choice(_PLACES))
        head, _, rest = words.partition(", ")
        words = (
            f"{head} {place}, {rest}"
            if rest
            else f"{words.rstrip('.!?')} {place}{words[-1:] if words[-1:] in '.!?' else ''}"
        )
    if chance.random() < 0.5:  # noqa: PLR2004
        words = f"{chance.choice(_OPENINGS)} {words}"
    if chance.random() < 0.5:  # noqa: PLR2004
        polite = example.intent in {Intent.COMPLAINT, Intent.ASPIRATION}
        words = f"{words} {chance.choice(_CLOSINGS if polite else _CALM_CLOSINGS)}"
    return words


def _spoken(words: str, dialect: dict[str, str], chance: random.Random) -> str:
    def said(found: re.Match[str]) -> str:
        return dialect.get(found[0], found[0]) if chance.random() < 0.8 else found[0]  # noqa: PLR2004

    return _WORD.sub(said, words)
