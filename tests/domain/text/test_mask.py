"""Personal data leaves the words, and nothing else does. Every number here is invented."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.labels import PiiKind
from domain.text.mask import MASKS, find_pii, mask
from domain.text.pii.numbers import plausible_nik

# text with the personal data between ⟦ and ⟧
NIK = """
NIK ⟦5201034507780002⟧
nik saya ⟦5201034507780002⟧ tolong dicek
No KTP ⟦5203071211560004⟧.
No. KTP: ⟦5203071211560004⟧
KTP ⟦5203071211560004⟧
(NIK ⟦1771034507570003⟧)
NIK: ⟦5201 0345 0778 0002⟧
NIK ⟦520103 450778 0002⟧
NIK ⟦52.01.03.450778.0002⟧
NIK ⟦520103-450778-0002⟧
saya Sahnan ⟦5201010408889912⟧ dari Gerung
e-KTP ⟦5201034507780002⟧
nik⟦5201034507780002⟧
NIK ibu ⟦5201085706869807⟧, NIK anak ⟦5201081402179814⟧
NIK ⟦52O1034507780002⟧
NIK ⟦520103450778002⟧
NIK ⟦9999999999999999⟧
nomor identitas ⟦5201034507780002⟧
nomor induk kependudukan ⟦5201034507780002⟧
umur 12 5201 orang lalu ⟦5201034507780002⟧
NIK ⟦５２０１０３４５０７７８０００２⟧
NIK ⟦5201034507780002⟧ 12 tahun
"""
KK = """
KK ⟦5203132309110017⟧ silakan dicek
No. KK ⟦5201031504139862⟧
nomor KK ⟦5201011203109834⟧
no kk: ⟦5201 0112 0310 9834⟧
kartu keluarga ⟦5201011203109834⟧
Kartu Keluarga nomor ⟦5201011203109834⟧
kk⟦5201011203109834⟧
⟦5201011203109834⟧ (KK)
"""
PHONE = """
hp ⟦0819-1745-2203⟧
No. kontak: ⟦+62 878 6521 0937⟧
Kontak kadus kami ⟦0823-4019-6675⟧
Hub. HRD ⟦0813 3390 1475⟧
hp ⟦081907 554 821⟧
wa ⟦0877.6400.1298⟧
Hub saya Lalu Mahyudin ⟦6285 937 004 112⟧
Call back ⟦0376-21877⟧
hub ⟦+62 831-7740-2268⟧, ada imbalan
Balas ke wa ⟦o82l 7855 3O94⟧ aja
WA ⟦082280551743⟧ yg serius
Hub ⟦0853.7722.6419⟧ / ⟦0811 7380 221⟧
HP/WA ⟦087700003582⟧.
⟦087700003582⟧
Kontak wa.me/⟦6287800019022⟧
https://wa.me/⟦6287800019022⟧?text=halo
WA⟦087700003582⟧
no⟦087700003582⟧
telp ⟦(0370) 631234⟧
⟦(0370) 631234⟧
⟦0370-631234⟧
⟦0370 631234⟧
⟦(0370)631234⟧
Telp. ⟦0370631234⟧
telepon ⟦021-5551234⟧
⟦(021) 555 1234⟧
⟦+62 370 631234⟧
⟦+60 12-345 6789⟧ nomor agen di Malaysia
⟦+966 50 123 4567⟧
⟦+6281907554821⟧
⟦(+62) 819 0755 4821⟧
⟦+62-819-0755-4821⟧
⟦62 819 0755 4821⟧
⟦0062 819 0755 4821⟧
⟦+62 0819 0755 4821⟧
hp ⟦819-0755-4821⟧
wa: ⟦81907554821⟧
⟦08 19 07 55 48 21⟧
⟦0819 0755 482⟧ dan 12 orang lain
⟦0819-0755-4821⟧,⟦0819-0755-4822⟧
⟦0819–0755–4821⟧
⟦0819 - 0755 - 4821⟧
⟦0819_0755_4821⟧
⟦0895345678901⟧
⟦0️⃣8️⃣1️⃣9️⃣0️⃣7️⃣5️⃣5️⃣4️⃣8️⃣2️⃣⟧
⟦٠٨١٩٠٧٥٥٤٨٢١⟧
⟦O819O7554821⟧
telp ⟦631234⟧
⟦081907554821⟧ya pak
hubungi ⟦nol delapan satu sembilan nol tujuh lima lima empat delapan dua⟧
⟦kosong lapan satu sembilan nol tujuh lima lima empat delapan⟧
Nomor saya ⟦085900003317⟧ tolong sekali
(⟦0819-0755-4821⟧)
NIK ⟦5201121207829877⟧, telp ⟦0818 000 6630⟧
telp rumah ⟦0736-21234⟧
"""
EMAIL = """
email ⟦rahman.alfath77@gmail.com⟧
ke ⟦warga.blokc_sandik@yahoo.co.id⟧
surel ⟦panitia.sma.topos@yahoo.co.id⟧.
⟦budi@desa.id⟧
⟦budi (at) gmail.com⟧
⟦budi(at)gmail(dot)com⟧
⟦budi [at] gmail [dot] com⟧
⟦budi at gmail dot com⟧
⟦budi at gmail.com⟧
⟦budi @ gmail.com⟧
⟦budi@gmail⟧
⟦budi@gmail,com⟧
⟦budi@gmail com⟧
mailto:⟦budi.santoso+lapor@kantor.go.id⟧
<⟦a_b-c@sub.domain.sch.id⟧>
⟦BUDI@GMAIL.COM⟧
⟦budi et gmail titik com⟧
"""
PLATE = """
sama motor ⟦DR 4417 LT⟧
Vario item ⟦DR 2930 KQ⟧ ilang
nopol ⟦DR 3356 LV⟧ harga
pick up ⟦DR 8821 LZ⟧.
Scoopy ⟦BD 6032 CQ⟧ an. Suhartini
Truk ⟦BD 8841 LU⟧ ini ngebut
⟦DR4417LT⟧
⟦DR-4417-LT⟧
⟦DR.4417.LT⟧
plat ⟦dr 4417 lt⟧
motor ⟦dr4417lt⟧
mobil ⟦B 1 ABC⟧
⟦B 1234 ABC⟧ parkir sembarangan
⟦EA 1234 XY⟧
⟦DK 123 AB⟧
mobil dinas ⟦DR 12 Z⟧
plat merah ⟦DR 1042 H⟧
⟦L 1234 AB⟧
nomor polisi ⟦N 95 KF⟧
"""
ACCOUNT = """
rekening BRI ⟦0021-01-048877-50-9⟧ atas nama
rekening pribadi BRI ⟦5621-01-009876-53-4⟧ a.n.
Rek BSI ⟦7700-000-1182⟧ a.n. Bendahara
norek ⟦1610001234567⟧
no rek ⟦1610001234567⟧
no. rekening: ⟦161 000 123 4567⟧
BCA ⟦0561234567⟧
transfer ke Mandiri ⟦161-00-0123456-7⟧
Bank NTB Syariah ⟦0012345678901⟧
Bank Bengkulu ⟦0012345678⟧
Dana ⟦081907554821⟧
OVO ⟦0819-0755-4821⟧
gopay ⟦081907554821⟧
rek ⟦1234567890⟧ BNI
⟦1234567890⟧ (BCA)
rekening atas nama Baiq Nurhasanah ⟦1234567890⟧
BRI ⟦012301004456509⟧ sudah saya transfer
virtual account ⟦8810812345678901⟧
pemegang KKS nomor ⟦6013 0000 4417 2093⟧
norek⟦1610001234567⟧
"""
NOTHING = """
telepon 112 atau 119
call 110, damkar 113, PLN 123
Sudah telepon 165 tapi hanya diminta menunggu
hubungi 14045
call center 1500-669
bebas pulsa 0800-123-4567
harga Rp4.800.000
Rp 1.250.000.000
bantuan 62.812.345.678 rupiah
Rp 62812345678
tgl 12-08-2024
tanggal 08.12.2024 pukul 10.30
pukul 01.00-03.00
08-12-2023 08.30
2019-2024
RT 02 RW 05
RT 012/RW 003
KM 12 A
jl km 8,5
blok B 12 A
Blok C 3 AB
gang 5 no 12 B
perolehan suara 81.234.567
suara 12.345 : 23.456
kode pos 83362
koordinat -8.68627, 116.16852
-8.6862, 116.1685
inflasi 12,5 persen
NJOP naik 300%
SK nomor 188.45/1234/2024
Perda No 5 Tahun 2019
Nomor sambungan 04-1182-7
ID pelanggan 523012345678
nomor antrian A012
SMPN 2 Gerung
SDN 12 A
kelas 7 B
D3 TI dan S1 PAI
D4 TKJ
masker N95
DP3AKB kota
program KB 2024 DI LOMBOK
BB 60 KG TB 160 CM
F 1 GP Mandalika
PT 2024 ABC
H2O dan CO2
gempa M 5,4
skor 3-1
jalan 400 meter lebar 3 meter
anggaran 1.234.567.890
dana desa 2023 sebesar 1.200.000.000
dana desa 20232024 untuk jalan
BRI buka jam 08.00 sampai 15.00
transfer 1.500.000 ke bendahara BRI
Mandiri 12.000.000 rupiah
BCA 150000000 rupiah
rekening listrik 250.000
bank sampah 12 unit
anggota KK 120 orang
150 KK terdampak
1.234 KK
KTP saya patah
KK baru pindah 8 bulan
BTN Terong Tawah blok C 12
@pemkab_lobar tolong
kumpul at gedung serbaguna
IG: @warga.gerung
rapat @ kantor desa
delapan orang lapan puluh
nol delapan orang
0 derajat 10 menit
5201 0345
52.01.03.2007
resi 123456789012345
12345678901234567890
IMEI 358240051111110
satu dua tiga empat lima
20241105
jam 19.00-21.00 tgl 17 November
Kapolres AKBP 2 orang
A 2 meter
meninggal th 1998 di usia 62
0,5 hektare
10 x 20 x 30
versi 1.2.3.4
192.168.100.200
9999999999999999
1234567812345678
"""


def cases(kind: PiiKind | None, table: str) -> list[tuple[PiiKind | None, str]]:
    return [(kind, line) for line in table.strip().splitlines()]


MIXED = [c for c in cases(None, PHONE) if c[1].count("NIK")]
TABLE = [
    *cases(PiiKind.NIK, NIK), *cases(PiiKind.KK, KK), *cases(PiiKind.EMAIL, EMAIL), *cases(PiiKind.PLATE, PLATE),
    *cases(PiiKind.ACCOUNT, ACCOUNT), *[c for c in cases(PiiKind.PHONE, PHONE) if "NIK" not in c[1]],
]  # fmt: skip


def marked(text: str) -> str:
    """Put the marks of the tables around what is found."""
    for found in reversed(find_pii(text)):
        text = f"{text[: found.start]}⟦{text[found.start : found.end]}⟧{text[found.end :]}"
    return text


@pytest.mark.parametrize(("kind", "line"), TABLE)
def test_personal_data_is_found_whole_and_by_its_kind(kind: PiiKind, line: str) -> None:
    text = line.replace("⟦", "").replace("⟧", "")
    assert marked(text) == line
    assert {x.kind for x in find_pii(text)} == {kind}


@pytest.mark.parametrize(("_", "line"), MIXED)
def test_kinds_beside_each_other_are_told_apart(_: None, line: str) -> None:
    assert marked(line.replace("⟦", "").replace("⟧", "")) == line


@pytest.mark.parametrize("line", NOTHING.strip().splitlines())
def test_what_is_not_personal_stays(line: str) -> None:
    assert find_pii(line) == []
    assert mask(line).text == line


def test_the_table_is_large_enough() -> None:
    assert len(TABLE) + len(NOTHING.strip().splitlines()) >= 150


def test_masks_read_as_the_kind() -> None:
    masked = mask("NIK 5201034507780002 hp 0819-1745-2203 surel a@b.co.id motor DR 4417 LT rek BRI 0021-01-048877-50-9")
    assert masked.text == "NIK [nik] hp [telepon] surel [surel] motor [pelat] rek BRI [rekening]"
    assert masked.originals == (
        (PiiKind.NIK, "5201034507780002"), (PiiKind.PHONE, "081917452203"), (PiiKind.EMAIL, "a@b.co.id"),
        (PiiKind.PLATE, "DR 4417 LT"), (PiiKind.ACCOUNT, "002101048877509"),
    )  # fmt: skip


@pytest.mark.parametrize(
    "written",
    [
        "0819-1745-2203",
        "+62 819 1745 2203",
        "6281917452203",
        "(+62) 819-1745-2203",
        "hp 819 1745 2203",
        "o8l9 l745 22O3",
    ],
)
def test_one_number_has_one_value_however_it_is_written(written: str) -> None:
    assert [x.value for x in find_pii(written)] == ["081917452203"]


def test_women_are_born_on_days_above_forty() -> None:
    assert plausible_nik("5201034507780002")
    assert not plausible_nik("5201033507780002")
    assert not plausible_nik("5201037207780002")
    assert not plausible_nik("5201034513780002")
    assert not plausible_nik("2001034507780002")


PIECES = st.sampled_from(
    ["NIK ", "5201034507780002", " hp ", "0819-1745-2203", "+62", " 878 ", "a@b.co.id", "rek ", "BRI ", "1234567890",
     "DR 4417 LT", "Rp", ".", " ", "12", "[telepon]", "[", "]", "o8l9", "(0370) ", "631234", "KK ", "lapan ", "@", "٣"]
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join))


@given(TEXTS)
def test_masking_twice_changes_nothing(text: str) -> None:
    once = mask(text)
    assert mask(once.text).text == once.text
    assert mask(once.text).spans == ()


@given(TEXTS)
def test_spans_point_at_the_masks_in_order(text: str) -> None:
    masked = mask(text)
    assert len(masked.spans) == len(masked.originals)
    last = 0
    for span, (kind, value) in zip(masked.spans, masked.originals, strict=True):
        assert masked.text[span.start : span.end] == MASKS[span.kind]
        assert span.kind is kind
        assert value
        assert span.start >= last
        last = span.end


@given(TEXTS)
def test_finds_stand_in_order_without_overlap(text: str) -> None:
    finds = find_pii(text)
    assert all(0 <= x.start < x.end <= len(text) for x in finds)
    assert all(a.end <= b.start for a, b in pairwise(finds))


def test_a_very_long_post_is_masked_in_reasonable_time() -> None:
    masked = mask("hubungi 0819-1745-2203 atau a@b.co.id harga Rp12.000 " * 400)
    assert len(masked.spans) == 800
    assert mask("1 " * 20_000).spans == ()
    assert mask("a" * 50_000 + "@").spans == ()
