"""Language: what most of a post is in; borrowed words do not change it."""

from __future__ import annotations

import pytest

from domain.labels import Language
from domain.text.tokens import tokenize
from nlp.components.language import language_of
from nlp.components.normaliser import folded_words


def told(words: str) -> Language:
    return language_of(folded_words(words, tokenize(words)))


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("Jalan di depan rumah kami rusak parah, tolong segera diperbaiki", "id"),
        ("gak ada yg respon dari kmrn min, air mati trs", "id"),
        ("Makasih semeton PU, jalan kami sudah mulus dan anak-anak senang", "id"),
        ("Tiang sudah lapor ke kantor desa tapi belum ada tanggapan", "id"),
        ("Ndeq araq aiq leq bale tiang, uah telu jelo, tulung gati pak", "sas"),
        ("langan leq dusun tiang sede selapuq, mun ujan jari kokoq", "sas"),
        ("Ambo nian dak tau ngapo lampu ko mati galo, tobo PLN dimano", "bkl"),
        ("la limo taun jalannyo ancur, siapo nian yang ngurus, kito idak tau", "bkl"),
        ("Dalan ning ngarep omah wis rusak, ora ono sing ndandani, piye iki pak", "jv"),
        ("Tiang nenten uning napi sane patut laksanayang ring desa puniki", "ban"),
        ("The road in front of my house is broken and there is no light at night", "en"),
        ("ndak ado aia lai di kampuang kami, lah sabulan kariang, urang siko susah", "other"),
        ("Jalanna rusak pisan, abdi teu tiasa kamana mana, kumaha ieu pak", "other"),
        ("🙏🙏", "other"),
        ("", "other"),
        ("Gerung", "id"),
    ],
)
def test_the_language_is_told_by_its_function_words(words: str, language: str) -> None:
    assert told(words) is Language(language)


def test_english_names_of_things_do_not_make_a_post_english() -> None:
    assert told("wifi di hotel ini the best, tapi jalan ke sana rusak dan tidak ada lampu") is Language.INDONESIAN
