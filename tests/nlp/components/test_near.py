"""The near-duplicate signature: alike posts have alike signatures, short ones none."""

from __future__ import annotations

from domain.stories import MIN_TOKENS, SAME_STORY, SIGNATURE_SIZE, similarity
from domain.text.tokens import tokenize
from nlp.components.near import signature

WIRE = (
    "Hujan lebat yang mengguyur sejak Selasa malam memicu tanah longsor di tiga kecamatan, yakni Sekotong, Batulayar "
    "dan Lingsar. Sebanyak 412 jiwa mengungsi ke masjid dan sekolah, sedangkan akses jalan tertutup lumpur."
)


def of(words: str) -> tuple[int, ...]:
    return signature(tokenize(words))


def test_the_same_words_have_the_same_signature() -> None:
    assert of(WIRE) == of(WIRE)
    assert len(of(WIRE)) == SIGNATURE_SIZE
    assert all(0 <= x < 2**32 for x in of(WIRE))


def test_spelling_and_signs_do_not_change_it() -> None:
    assert of("Jalan yg rusak, tidak ada lampu sama sekali!!") == of("jalan yang RUSAAAK tdk ada lampu sama sekali")


def test_a_wire_copy_with_another_head_is_the_same_story() -> None:
    assert similarity(of(WIRE), of("GERUNG, Corong - " + WIRE + " Laporan kontributor.")) >= SAME_STORY


def test_other_posts_of_the_same_topic_are_other_stories() -> None:
    other = "Longsor kecil di tanjakan Pusuk, tanah dan batang bambu menutup separuh jalan, motor bergantian lewat."
    assert similarity(of(WIRE), of(other)) < 0.2


def test_short_posts_have_none() -> None:
    assert of("mantap pak") == ()
    assert of("") == ()
    assert of(" ".join(["jalan"] * MIN_TOKENS))


def test_signatures_of_all_times_can_be_compared() -> None:
    assert of("satu dua tiga empat lima enam tujuh")[:3] == (345196375, 614234884, 1732335766)
