"""Posts whose readings are known beforehand, and a reader that says just that."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from domain.labels import Channel, DateTrust, Intent, Language, Sentiment, Urgency
from domain.posts import Incoming, RawPost
from domain.reading import Oversight, PlaceMention, Reading, Span, TopicScore
from domain.stories import SIGNATURE_SIZE
from domain.text.tokens import tokenize

NOW = datetime(2026, 11, 21, 6, 32, tzinfo=UTC)  # 14.32 WITA
REGION = "lombok-barat"
OTHER = "kota-bengkulu"
AREAS = {
    "Telagawaru": "52.01.08.2004",
    "Karang Bongkot": "52.01.08.2009",
    "Labuapi": "52.01.08",
    "Banyumulek": "52.01.02.2006",
    "Pelangan": "52.01.07.2003",
    "Sekotong": "52.01.07",
    "Narmada": "52.01.03",
    "Gerung": "52.01.01",
}


@dataclass(frozen=True)
class Told:
    """One post and what is to be read in it."""

    key: str
    text: str
    topic: str
    hours: float
    title: str | None = None
    sentiment: Sentiment = Sentiment.NEGATIVE
    intent: Intent = Intent.COMPLAINT
    urgency: Urgency = Urgency.ORDINARY
    channel: Channel = Channel.FACEBOOK
    source: str = "info-lobar"
    p: float = 0.94
    second: tuple[str, float] | None = None
    evidence: tuple[str, ...] = ()
    spots: tuple[str, ...] = ()
    cue: str | None = None
    accused: str | None = None
    language: Language = Language.INDONESIAN
    trust: DateTrust = DateTrust.EXACT
    contact: str | None = None
    regions: tuple[str, ...] = (REGION,)
    url: str | None = None

    def incoming(self) -> Incoming:
        """The post as its source brings it."""
        return Incoming(
            namespace="import:uji", native_id=self.key, source=self.source, regions=self.regions,
            channel=self.channel, author=f"warga-{self.key}", contact=self.contact, title=self.title, text=self.text,
            published_at=NOW - timedelta(hours=self.hours), date_trust=self.trust, fetched_at=NOW, url=self.url,
        )  # fmt: skip


KUBANGAN = "Jalan di Telagawaru arah Karang Bongkot sudah seperti kubangan, tiap hujan motor jatuh. Kapan diperbaiki?"
POSTS = (
    Told("kubangan", KUBANGAN, "jalan.rusak", 2, second=("perhubungan.lalin", 0.04),
         evidence=("Jalan", "kubangan", "diperbaiki"), spots=("arah Karang Bongkot",),
         url="https://contoh.invalid/kubangan"),
    Told("kubangan-2", KUBANGAN + " Tolong.", "jalan.rusak", 1.5, source="suara-lobar", channel=Channel.COMMENT,
         evidence=("Jalan", "kubangan")),
    Told("sasak", "langan lek Telagawaru sede lalok, mun ujan jari kokok. tulung bapak bupati", "jalan.rusak", 3,
         channel=Channel.COMMENT, source="suara-lobar", language=Language.SASAK, p=0.88),
    Told("truk", "Truk tanah lewat terus, jalan desa hancur. Nama saya Budi hp 081917222333 di Karang Bongkot",
         "perhubungan.truk", 5, channel=Channel.WHATSAPP, source="aduan-wa", p=0.5, second=("jalan.rusak", 0.33),
         contact="081917222333"),
    Told("hotmix", "Alhamdulillah jalan Banyumulek akhirnya dihotmix, matur tampi asih", "jalan.rusak", 22,
         sentiment=Sentiment.POSITIVE, intent=Intent.PRAISE, channel=Channel.X, p=0.97),
    Told("longsor", "Darurat! Longsor menutup jalan di Pelangan Sekotong, ada motor tertimbun, mohon segera",
         "bencana.alam", 0.5, urgency=Urgency.EMERGENCY, cue="Darurat", evidence=("Longsor", "tertimbun"),
         channel=Channel.TELEGRAM, source="info-lobar"),
    Told("kades", "Kades di Narmada minta pungli setiap urus surat tanah, sudah berkali-kali", "pelayanan.pungli", 7,
         accused="kades", evidence=("pungli",)),
    Told("berita", "SEKOTONG - Warga Desa Pelangan mengeluhkan jalan kabupaten sepanjang 2,4 kilometer yang berlubang. "
         + "Sejumlah titik tidak lagi beraspal dan warga meminta perbaikan sebelum musim liburan. " * 6,
         "jalan.rusak", 30, title="Warga Sekotong Keluhkan Ruas Pelangan yang Berlubang", channel=Channel.WEB,
         source="suara-lobar", trust=DateTrust.DAY, evidence=("mengeluhkan", "berlubang"),
         url="https://contoh.invalid/berita"),
    Told("tanya", "Kapan jadwal KTP keliling di Gerung bulan ini, min?", "adminduk.ktp", 9,
         sentiment=Sentiment.NEUTRAL, intent=Intent.QUESTION, p=0.91),
    Told("rumus", '=HYPERLINK("http://contoh.invalid","klik") sampah menumpuk di Labuapi', "sampah.angkut", 12,
         evidence=("sampah", "menumpuk")),
    Told("bengkulu", "Sampah di Pasar Minggu Kota Bengkulu belum diangkut tiga hari", "sampah.angkut", 4,
         regions=(OTHER,), source="kabar-bengkulu"),
)  # fmt: skip
MATTERS = (
    ("air.pdam", "Air PDAM mati lagi di {area}, sudah hari ke-{n} tidak mengalir", ("mati", "mengalir")),
    (
        "sampah.angkut",
        "Sampah di pinggir jalan {area} menumpuk sejak hari ke-{n}, bau menyengat",
        ("Sampah", "menumpuk"),
    ),
    ("penerangan.pju", "Lampu jalan di {area} padam {n} malam, gelap sekali", ("Lampu", "padam")),
    ("jalan.rusak", "Lubang besar di jalan {area}, sudah {n} orang jatuh minggu ini", ("Lubang", "jatuh")),
    ("kesehatan.puskesmas", "Antre di puskesmas {area} sampai {n} jam, petugasnya kurang", ("Antre", "puskesmas")),
)


def filler(count: int) -> Iterator[Told]:
    """Many plain posts over four weeks, all different."""
    names = [name for name in AREAS if name != "Sekotong"]
    feelings = (Sentiment.NEGATIVE, Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.NEGATIVE, Sentiment.POSITIVE)
    for n in range(count):
        topic, text, evidence = MATTERS[n % len(MATTERS)]
        yield Told(
            f"isi-{n}", text.format(area=names[n % len(names)], n=n + 2), topic, 26 + n * 9.7, evidence=evidence,
            sentiment=feelings[n % 5], p=0.7 + (n % 25) / 100, source=("info-lobar", "suara-lobar", "aduan-wa")[n % 3],
            channel=(Channel.FACEBOOK, Channel.COMMENT, Channel.WHATSAPP, Channel.FORM)[n % 4],
        )  # fmt: skip


class ToldReader:
    """Reads each post as it was told; anything else as a complaint about a road."""

    def __init__(self, told: Iterable[Told]) -> None:
        self._told = {one.key: one for one in told}

    def read(self, posts: Iterable[RawPost]) -> Iterator[Reading]:
        for post in posts:
            yield _reading(post, self._told.get(post.native_id) or Told("", "", "jalan.rusak", 0))


def _reading(post: RawPost, told: Told) -> Reading:
    words = post.words
    evidence = tuple(span for word in told.evidence if (span := _span(words, word)))
    topics = [TopicScore(code=told.topic, p=told.p, evidence=evidence)]
    if told.second:
        topics.append(TopicScore(code=told.second[0], p=told.second[1]))
    return Reading(
        post_id=post.id,
        revision=post.revision,
        language=told.language,
        intent=told.intent,
        intent_p=0.97,
        topics=tuple(topics),
        sentiment=told.sentiment,
        sentiment_p=0.91,
        urgency=told.urgency,
        urgency_cue=_span(words, told.cue) if told.cue else None,
        oversight=Oversight(p=0.9, accused=(told.accused,)) if told.accused else None,
        places=tuple(
            PlaceMention(span=span, name=name, candidates=(kode,))
            for name, kode in AREAS.items()
            if (span := _span(words, name))
        ),
        addresses=tuple(span for word in told.spots if (span := _span(words, word))),
        near=_signature(words),
        norm_version=1,
        decided_by={"topic": "uji"},
    )


def _span(words: str, word: str) -> Span | None:
    at = words.find(word)
    return Span(start=at, end=at + len(word), text=word) if at >= 0 else None


def _signature(words: str) -> tuple[int, ...]:
    exact = [token.exact for token in tokenize(words)]
    shingles = {" ".join(exact[n : n + 3]) for n in range(len(exact) - 2)}
    return tuple(
        min(
            int.from_bytes(hashlib.blake2b(s.encode(), digest_size=4, salt=bytes([n])).digest(), "big")
            for s in shingles
        )
        for n in range(SIGNATURE_SIZE if shingles else 0)
    )
