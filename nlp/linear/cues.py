"""Surface cues that n-grams cannot carry: punctuation, shouting, mask marks, where thanks stand, irony, news forms.

Each cue is one yes/no feature of the linear models: the rule says what it sees, the training says what it means.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from domain.text.tokens import Token

_DATELINE = re.compile(r"(?:^|\n\n)[A-Z][A-Z .]{3,30}(?:, [A-Za-z]+)? ?[-–—] ")
_DATE = re.compile(r"\(\d{1,2}/\d{1,2}(?:/\d{2,4})?\)")
_SAID = re.compile(r"[\"”],? (?:ujar|kata|ucap|tutur|jelas|ungkap|imbuh|tegas)")
_LOUD = re.compile(r"[A-Z]{4}")  # what every shout begins with, found far sooner
_SHOUT = re.compile(r"\b[A-Z]{4,}\W+[A-Z]{4,}\b")
_ENDS_ASKING = re.compile(r"\?\W{0,6}$")
_MARKS = {
    "question_mark": "?",
    "question_many": "??",
    "exclaim_many": "!!",
    "mention": "@",
    "link": "http",
    "trails": "..",
}
_MASKS = {"phone": "[telepon]", "identity": "[nik]", "family": "[kk]", "account": "[rekening]", "plate": "[pelat]"}
_LAUGH, _JOY, _GRIEF = (
    frozenset("😂🤣😅🙃👏🤡😏"),
    frozenset("❤😍🥰👍🎉💪🔥☀🎓☕😊💐✨🙌🎂"),
    frozenset("😭😡😢🤬😤💔😠👎😞🤮😔"),
)

_THANKS = frozenset(
    "terima makasih trims thanks tampiasih tampi syukur alhamdulillah salut apresiasi bravo mantap keren hebat top "
    "jempol suksma nuhun bangga kudos".split()
)
_PRAISE = frozenset(
    "hebat mantap keren salut bagus selamat terbaik luar terima makasih juara lanjutkan pintar asyik enak".split()
)
_IRONY = frozenset(
    "cuma padahal katanya kolam lele empang offroad mancing wahana tidur mimpi janji kantong motocross gratis rekor "
    "wisata tiket pencitraan doang sekalian konsisten kecuali giliran saingan".split()
)
_ASKS = frozenset(
    "tanya nanya bertanya menanyakan tanyakan ditanyakan nanyakan ketuan ketoan betanyo batanyo nanyo info informasi "
    "penjelasan infonya tahu tau".split()
)
_QUESTIONS = frozenset(
    "apa apakah kapan berapa mana dimana kemana bagaimana gimana siapa apo berapo dimano manolah caknyo ngumbe pire "
    "mbe syarat syaratnya persyaratan prosedur jadwal jadwalnya cara caranya biaya biayanya jam buka nomor "
    "bisakah".split()
)
_WISHES = frozenset(
    "semoga mudah harap harapan harapannya berharap usul usulan mengusulkan diusulkan saran menyarankan andai andaikan "
    "alangkah sebaiknya seandainya mengajukan dipertimbangkan diperbanyak ditambah dibangun dibuatkan dipasang "
    "dipasangkan disediakan diadakan usulkan menitip".split()
)
_SALES = frozenset(
    "dijual jual jualan ready promo diskon cod nego order pinjaman slot gacor maxwin depo dikontrakkan disewakan "
    "kredit grosir reseller ongkir kavling travel rental lowongan loker hrd cv subscribe follow giveaway testimoni "
    "garansi".split()
)
_CLERK = frozenset("catatan penelepon pelapor tlp telp telepon menyampaikan disampaikan mengaku melapor warga".split())
_LETTER = frozenset("yth hormat perihal kepada terhormat demikian".split())
_OCCASION = frozenset("berduka innalillahi khatimah milad ultah wisuda ulang hbd samawa husnul almarhum".split())
_SETS = {
    "asks": _ASKS,
    "question_word": _QUESTIONS,
    "wishes": _WISHES,
    "sells": _SALES,
    "clerk": _CLERK,
    "letter": _LETTER,
    "occasion": _OCCASION,
}
_TIMES = frozenset("jam hari minggu bulan tahun kali x jelo taun minggu menit bulanan mingguan".split())
_COUNTS = frozenset("dua tiga empat lima enam tujuh delapan sembilan sepuluh beberapa telu duo tigo due lime".split())
_TELLING = frozenset().union(*_SETS.values(), _THANKS, _PRAISE, _TIMES)  # without any of which no word is a cue
_LENGTHS = (1, 8, 16, 32, 64, 128)  # words: nothing, a greeting, a comment, a complaint, a letter, an article
_EDGE = 4  # words at a post's start or end


def cues(words: str, tokens: Sequence[Token]) -> list[str]:
    """Return the names of the cues seen in a post."""
    exact = [token.exact for token in tokens]
    seen = [name for name, mark in _MARKS.items() if mark in words]
    if "?" in words and _ENDS_ASKING.search(words):
        seen.append("question_end")
    if "[" in words:
        seen += [name for name, mark in _MASKS.items() if mark in words]
    if not words.isascii():
        seen += _pictures(set(words))
    if _LOUD.search(words) and _SHOUT.search(words):
        seen.append("shout")
    if "-" in words or "–" in words or "—" in words:
        seen += ["dateline"] if _DATELINE.search(words) else []
    if "(" in words and _DATE.search(words):
        seen.append("date_in_brackets")
    if _SAID.search(words):
        seen.append("quote_said")
    seen += _word_cues(exact)
    if "question_word" in seen and "question_mark" in seen:
        seen.append("question_asked")
    seen.append(f"length{sum(len(exact) >= x for x in _LENGTHS)}")
    return seen


def _pictures(characters: set[str]) -> list[str]:
    named = (("laugh", _LAUGH), ("joy", _JOY), ("grief", _GRIEF), ("pray", "🙏"))
    return [name for name, pictures in named if not characters.isdisjoint(pictures)]


def _word_cues(exact: Sequence[str]) -> list[str]:
    told = _TELLING.intersection(exact)  # the post's words are gone through once: most sets know none of them
    if not told:
        return []
    seen = [name for name, words in _SETS.items() if not words.isdisjoint(told)]
    if "asks" in seen and not _ASKS.isdisjoint(exact[: _EDGE * 2]):
        seen.append("asks_first")
    if not _THANKS.isdisjoint(told):
        if not _THANKS.isdisjoint(exact[:_EDGE]):
            seen.append("thanks_first")
        seen.append("thanks_within" if _THANKS.isdisjoint(exact[-_EDGE:]) else "thanks_last")
    if not _PRAISE.isdisjoint(told) and not _PRAISE.isdisjoint(exact[: _EDGE * 2]) and not _IRONY.isdisjoint(exact[1:]):
        seen.append("mocks")
    if not _TIMES.isdisjoint(told) and any(
        word in _TIMES and (before in _COUNTS or before.isdigit()) for before, word in pairwise(exact)
    ):
        seen.append("counts_time")
    return seen
