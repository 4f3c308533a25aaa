"""Who owns a matter: invented posts about what regions really argue over, each with its topic, its answer, its why."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from desk.decide import Desk
from domain.cases import Case
from domain.errors import CatalogueError
from domain.ids import post_id
from domain.jurisdiction import load_jurisdiction, parse_jurisdiction
from domain.labels import Authority, Channel, DateTrust, Intent, Language, Sentiment, Urgency
from domain.posts import RawPost
from domain.reading import Reading, TopicScore
from domain.regions import load_regions
from domain.taxonomy import load_taxonomy
from domain.text.tokens import tokenize
from nlp.components.normaliser import folded_words
from nlp.components.places import mentions
from nlp.gazetteer import Gazetteer

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
LOBAR, LOTIM, KOTA, PROV = "lombok-barat", "lombok-timur", "kota-bengkulu", "provinsi-bengkulu"
PROFILES = load_regions((LOBAR, LOTIM, KOTA, PROV))


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(PROFILES, load_taxonomy())


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(PROFILES)


def decided(desk: Desk, gazetteer: Gazetteer, region: str, topic: str, words: str) -> Case:
    """The case of a post whose topic is known and whose places are read from its words."""
    post = RawPost(
        id=post_id("uji", words), namespace="uji", native_id=words, source="uji", regions=(region,),
        channel=Channel.FORM, text=words, published_at=NOON, date_trust=DateTrust.EXACT, fetched_at=NOON,
    )  # fmt: skip
    tokens = tokenize(words)
    reading = Reading(
        post_id=post.id,
        revision=1,
        language=Language.INDONESIAN,
        intent=Intent.COMPLAINT,
        intent_p=0.9,
        topics=(TopicScore(code=topic, p=0.9),),
        sentiment=Sentiment.NEGATIVE,
        sentiment_p=0.9,
        urgency=Urgency.ORDINARY,
        places=tuple(mentions(gazetteer, words, tokens, folded_words(words, tokens))),
        norm_version=1,
        decided_by={},
    )
    return desk.decide_for(post, reading, region)


ROADS = [
    (LOTIM, "jalan.rusak", "Truk pasir bikin aspal Suryawangi arah Dasan Bantek hancur", "kabupaten", "PUPR", "topik"),
    (LOTIM, "perhubungan.truk", "Truk pasir tiap jam lewat Timbe Lindur, minta rambu", "kabupaten", "DISHUB", ""),
    (LOTIM, "jalan.rusak", "Ruas Sukaraja-Lekor sudah kami tanami padi saking beceknya", "kabupaten", "PUPR", "ruas"),
    (LOTIM, "jalan.rusak", "Jalan Kampung Lobster di Jerowaru jadi kolam tiap hujan", "kabupaten", "PUPR", "Jor"),
    (LOTIM, "jalan.rusak", "Galian pipa di Taman Rinjani Selong bahaya", "provinsi", "PUPR_NTB", "jalan provinsi"),
    (LOTIM, "jalan.rusak", "kata orang dinas itu aset provinsi, kami mengadu ke mana", "provinsi", "PUPR_NTB", "“aset"),
    (LOTIM, "jalan.rusak", "jalan itu bukan jalan provinsi, jangan lempar-lemparan", "kabupaten", "PUPR", ""),
    (LOBAR, "jalan.rusak", "Telaga Waru-Karang Bongkot tergenang, tak ada got", "kabupaten", "PUTR", "Telaga Waru"),
    (LOBAR, "jalan.rusak", "ruas Sepi–Pengantap longsor lagi", "provinsi", "PUPR_NTB", "Pengantap: jalan provinsi"),
    (LOBAR, "jalan.rusak", "jalan usaha tani di Kuripan belum dirabat", "desa", "PEMDES", "UU 6/2014"),
    (LOBAR, "jalan.rusak", "lubang di jalan nasional depan pelabuhan", "pusat", "BPJN", "BPJN"),
    (KOTA, "penerangan.pju", "Tiang lampu Jalan Beringin Padang Jati padam semua", "kota", "DISHUB", "jalan kota"),
    (KOTA, "penerangan.pju", "Lampu di Malabero gelap sejak lebaran", "kota", "DISHUB", ""),
    (KOTA, "penerangan.pju", "gelap Jalan Pariwisata Pantai Panjang", "provinsi", "DISHUB_PROV", "jalan provinsi"),
    (KOTA, "jalan.rusak", "gerbang tol rusak, antre lama", "pusat", "BPJN", "tol"),
    (PROV, "jalan.rusak", "Suka Negeri-Batu Balai tinggal tanah merah", "provinsi", "PUPR", "jalan provinsi"),
    (PROV, "jalan.rusak", "jalan ke Padang Guci sudah patah, Tanjung Kemuning-Padang Guci", "provinsi", "PUPR", "ruas"),
    (PROV, "jalan.rusak", "Jalan wisata Bukit Kaba rusak, tamu pada balik", "provinsi", "PUPR", "Bukit Kaba"),
    (PROV, "jalan.rusak", "Jalan SMA Karya tergenang dekat kantor bupati", "kabupaten", "PEMKAB", "jalan kabupaten"),
    (PROV, "bencana.alam", "longsor menutup jalan nasional di Liku Sembilan", "pusat", "BPJN", "nasional"),
    (PROV, "jalan.jembatan", "Jembatan desa Rindu Hati hanyut dibawa banjir", "kabupaten", "PEMKAB", ""),
    (PROV, "jalan.jembatan", "Banjir menggerus jembatan Desa Dusun Sawah, Curup Utara", "kabupaten", "PEMKAB", ""),
]  # fmt: skip

SCHOOLS = [
    (LOBAR, "pendidikan.sarana", "Plafon SDN 2 Kuripan ambrol", "kabupaten", "DIKBUD", "SD, dan SMP"),
    (LOTIM, "pendidikan.biaya", "SMAN 1 Selong minta uang gedung", "provinsi", "DIKBUD_NTB", "lampiran A"),
    (KOTA, "pendidikan.guru", "guru SLB negeri jarang datang", "provinsi", "DIKBUD_PROV", "SLB"),
    (LOTIM, "pendidikan.sarana", "MTs NW di kampung kami bocor", "pusat", "KEMENAG", "Kementerian Agama"),
    (LOBAR, "pendidikan.biaya", "UKT naik dua kali lipat, orang tua petani", "pusat", "KEMDIKTI", "perguruan tinggi"),
    (LOBAR, "pendidikan.ppdb", "min mau tanya jadwal daftar SMP", "kabupaten", "DIKBUD", ""),
    (PROV, "pendidikan.sarana", "SD di Kecamatan Topos cuma tiga kelas", "kabupaten", "PEMKAB", "kabupaten atau kota"),
    (PROV, "pendidikan.sarana", "kursi SMKN di Kepahiang kurang", "provinsi", "DIKBUD", "provinsi"),
]  # fmt: skip

SERVICES = [
    (LOTIM, "air.pdam", "air mati seminggu di Suntalangu, pipa Lemor pecah", "bumd", "PDAM", "perusahaan air minum"),
    (LOTIM, "air.pdam", "pamdes macet, mesin rusak", "desa", "PEMDES", "desa"),
    (KOTA, "air.pdam", "IPA Surabaya keruh terus airnya", "bumd", "PDAM", "daerah"),
    (KOTA, "penerangan.listrik", "padam lagi dekat Bandara Fatmawati", "bumn", "PLN", "PLN"),
    (KOTA, "sampah.liar", "Sampah menumpuk di jembatan Rawa Makmur", "kota", "DLH", ""),
    (LOBAR, "sampah.tpa", "bau TPA Kebon Kongok sampai rumah", "provinsi", "DLHK_NTB", "Kebon Kongok"),
    (LOBAR, "informasi.internet", "tiang telkom roboh menimpa pagar", "bumn", "TELKOM", "Telkom"),
    (LOBAR, "ekonomi.gas", "tabung melon kosong di semua pangkalan", "bumn", "PERTAMINA", "Pertamina"),
    (LOBAR, "kesehatan.bpjs", "kartu KIS ibu saya tidak aktif", "pusat", "BPJSKES", "UU 24/2011"),
    (LOBAR, "naker.hubungan", "klaim JHT ditolak terus", "pusat", "BPJSTK", "Ketenagakerjaan"),
    (LOBAR, "kesehatan.rs", "pasien RSJ ditelantarkan", "provinsi", "DIKES_NTB", "jiwa"),
    (PROV, "kesehatan.rs", "IGD RSUD Kepahiang tidak ada dokter", "kabupaten", "PEMKAB", "RSUD Kepahiang"),
    (LOTIM, "kesehatan.gizi", "nasi MBG basi, anak mual", "pusat", "BGN", "Badan Gizi"),
    (LOBAR, "adminduk.ktp", "blangko kosong dari bulan lalu", "kabupaten", "DUKCAPIL", "pemerintah pusat"),
    (LOTIM, "bansos.penyaluran", "PKH tetangga yang kaya cair terus", "kabupaten", "DINSOS", "Dinas Sosial pintu"),
    (LOTIM, "bansos.penyaluran", "BLT dana desa dipilih kerabat saja", "desa", "PEMDES", "musyawarah desa"),
    (LOTIM, "pertanian.pupuk", "urea tidak ada di pengecer, musim tanam sudah jalan", "kabupaten", "DISTAN", "RDKK"),
    (LOBAR, "pangan.ketahanan", "beras SPHP Bulog apek", "bumn", "BULOG", "Bulog"),
    (LOBAR, "keuangan.pajak", "lapor SPT di coretax gagal terus", "pusat", "KPP", "Pajak"),
    (LOTIM, "keuangan.samsat", "antre samsat dari subuh", "provinsi", "BAPPENDA_NTB", "UU 1/2022"),
]  # fmt: skip

LAND_AND_SEA = [
    (LOBAR, "drainase.irigasi", "irigasi 3.500 hektare ini tak pernah dikeruk", "pusat", "BWS", "3.000 hektare"),
    (LOBAR, "drainase.irigasi", "daerah irigasi 1.200 ha retak", "provinsi", "PUPR_NTB", "1.000 sampai"),
    (LOBAR, "drainase.irigasi", "irigasi 80 ha di Lingsar jebol", "kabupaten", "PUTR", ""),
    (LOBAR, "drainase.sungai", "Bendungan Meninting, warga di bawah cemas", "pusat", "BWS", "Meninting"),
    (LOBAR, "hutan.tambang", "galian C meruntuhkan tebing", "provinsi", "ESDM_NTB", "galian C"),
    (LOTIM, "hutan.perambahan", "kayu sonokeling dibabat di lereng", "provinsi", "DLHK_NTB", "lampiran BB"),
    (LOTIM, "pariwisata.objek", "kuota pendakian Rinjani dijual calo", "pusat", "BTNGR", "konservasi"),
    (PROV, "hutan.perambahan", "harimau dekat kandang kambing", "pusat", "BKSDA", "satwa"),
    (LOTIM, "perikanan.nelayan", "kapal trawl 4 mil dari Tanjung Luar", "provinsi", "DKP_NTB", "12 mil"),
    (LOTIM, "perikanan.nelayan", "ditangkap kapal besar 20 mil dari pantai", "pusat", None, "di luar 12 mil"),
    (LOTIM, "perikanan.nelayan", "atap pelelangan ikan bocor", "kabupaten", "DISLUTKAN", "kabupaten"),
    (KOTA, "perhubungan.pelabuhan", "alur Pulau Baai dangkal lagi", "pusat", "PELINDO", "alur pelayaran"),
    (LOTIM, "perhubungan.pelabuhan", "kapal ASDP kurang, truk antre", "bumn", "ASDP", "perusahaannya"),
    (LOBAR, "perhubungan.angkutan", "terminal tipe B sepi tak terurus", "provinsi", "DISHUB_NTB", "lampiran O"),
    (LOBAR, "perhubungan.angkutan", "terminal tipe A jorok", "pusat", "BPTD", "tipe A"),
    (LOBAR, "perhubungan.angkutan", "angkot ugal-ugalan", "kabupaten", "DISHUB", "tipe C"),
]  # fmt: skip

STATE = [
    (LOBAR, "ketertiban.kriminal", "maling motor tiap malam", "pusat", "POLRES", "Kepolisian"),
    (LOTIM, "perhubungan.lalin", "kena tilang tanpa surat", "pusat", "POLRES", "tilang"),
    (PROV, "ketertiban.kriminal", "begal di jalan lintas", "pusat", "POLDA", "pasal 10"),
    (LOTIM, "sosial_politik.hukum", "urus paspor umrah dipersulit", "pusat", "IMIGRASI", "keimigrasian"),
    (LOTIM, "naker.pmi", "sudah lapor BP3MI belum dijawab", "pusat", "BP3MI", "UU 18/2017"),
    (LOTIM, "naker.pmi", "adik saya diberangkatkan tekong", "kabupaten", "DISNAKERTRANS", ""),
    (LOBAR, "adminduk.akta", "buku nikah belum keluar dari KUA", "pusat", "KEMENAG", "KUA"),
    (LOBAR, "sosial_politik.agama", "insentif guru ngaji belum cair", "kabupaten", "SETDA", "hibah"),
    (LOBAR, "pelayanan.petugas", "staf kantor desa main gawai saja", "desa", "PEMDES", "kantor desa"),
    (KOTA, "sosial_politik.politik", "nama saya hilang dari DPT", "pusat", "KPU", "KPU"),
    (KOTA, "ketertiban.hewan", "sapi lepas di jalan", "kota", "SATPOLPP", ""),
    (LOBAR, "tanah.sengketa", "sertifikat ganda dari BPN", "pusat", "BPN", "Pertanahan"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("region", "topic", "words", "authority", "opd", "why"), [*ROADS, *SCHOOLS, *SERVICES, *LAND_AND_SEA, *STATE]
)
def test_the_law_says_who_owns_a_matter_and_the_reader_sees_why(
    desk: Desk, gazetteer: Gazetteer, region: str, topic: str, words: str, authority: str, opd: str | None, why: str
) -> None:
    case = decided(desk, gazetteer, region, topic, words)
    assert case.authority is Authority(authority), case.why
    if opd is not None:
        assert case.opd[0].kode == opd, case.why
    assert why.casefold() in case.why.casefold()


def test_a_road_that_nobody_checked_is_told_as_such(desk: Desk, gazetteer: Gazetteer) -> None:
    unchecked = decided(desk, gazetteer, LOBAR, "jalan.rusak", "ruas Kediri-Kuripan-Praya bergelombang")
    checked = decided(desk, gazetteer, LOBAR, "jalan.rusak", "ruas Telaga Waru-Karang Bongkot bergelombang")
    assert "belum diperiksa" in unchecked.why
    assert "belum diperiksa" not in checked.why


def test_every_rule_says_why_and_by_which_law() -> None:
    rules = load_jurisdiction().rules
    assert all(rule.why and rule.law for rule in rules)


def test_no_region_calls_for_an_office_that_no_region_has() -> None:
    known = {code for profile in load_regions().values() for code in profile.agencies}
    assert {code for rule in load_jurisdiction().rules for code in rule.agencies} <= known


def a_rule(**changed: str) -> str:
    said = {"topics": '["jalan"]', "cues": '["tol"]', "owner": '"pusat"', **changed}
    lines = [f"{name} = {value}" for name, value in said.items()]
    return "\n".join(['[[rule]]\nkey = "satu"\nwhy = "sebab"\nlaw = "UU"', *lines])


@pytest.mark.parametrize(
    "broken",
    [
        "",
        a_rule(topics='["antah.berantah"]'),
        a_rule(owner='"kerajaan"'),
        a_rule(cues='["("]'),
        a_rule(cues="[]"),
        f"{a_rule()}\n{a_rule()}",
    ],
    ids=["empty", "topic", "owner", "pattern", "against the taxonomy", "twice"],
)
def test_a_table_that_does_not_hold_together_is_refused(broken: str) -> None:
    with pytest.raises(CatalogueError):
        parse_jurisdiction(broken)
