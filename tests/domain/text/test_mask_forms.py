"""Forms in which people dictate numbers and plates, and what stands near to them without being one."""

from __future__ import annotations

import pytest

from domain.text.mask import mask

MASKED = [
    ("wa 0819 1 234 567", "wa [telepon]"),
    ("hubungi 0819 12 34 56 78 ya", "hubungi [telepon] ya"),
    ("hubungi 081 9 1234 5 678 ya", "hubungi [telepon] ya"),
    ("0813 7-3-4-1 2233", "[telepon]"),
    ("telp. (0736) 20-123", "telp. [telepon]"),
    ("hp nol delapan satu sembilan, 1234-5678", "hp [telepon]"),
    ("truk bd 4455 ax lewat", "truk [pelat] lewat"),
    ("yang parkir bd 4455 ax", "yang parkir [pelat]"),
    ("yang parkir dr 2345 kx", "yang parkir [pelat]"),
    ("yang parkir bd1234ab", "yang parkir [pelat]"),
    ("parkir EA 1234 X di trotoar", "parkir [pelat] di trotoar"),
    ("plat nomor BD 5566", "plat nomor [pelat]"),
    ("rek BRI 0123 01 012345 53 1 an Siti", "rek BRI [rekening] an Siti"),
    ("norek BCA 1234 5678 90 ya", "norek BCA [rekening] ya"),
    ("rek BNI 123456789 2 orang", "rek BNI [rekening] 2 orang"),
]
LEFT = [
    "dr 2020 yg lalu", "dr 12 juta", "dr 3 bulan", "bd 2 kali", "sejak dr 2345 org", "BAB 1234 X", "tgl 08-12-2024",
    "08 12 2024", "Rp 081.234.567", "kode pos 38119", "call center 1500 123", "0370 12 orang", "nol delapan kali",
]  # fmt: skip


@pytest.mark.parametrize(("said", "kept"), MASKED)
def test_a_dictated_form_is_masked(said: str, kept: str) -> None:
    assert mask(said).text == kept


@pytest.mark.parametrize("said", LEFT)
def test_what_only_looks_alike_is_left(said: str) -> None:
    assert mask(said).text == said
