"""Codes and values in words: topics, agencies, areas, sources, and the closed lists of labels."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Final

from api.speech import N_, Speech
from domain.errors import NotFound
from domain.labels import Authority, CaseState, Channel, DateTrust, Intent, LabelTask, Language, PiiKind, Urgency
from domain.regions import RegionProfile
from domain.taxonomy import Taxonomy

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "intent": {
        Intent.COMPLAINT: N_("pengaduan"),
        Intent.ASPIRATION: N_("aspirasi"),
        Intent.QUESTION: N_("permintaan informasi"),
        Intent.PRAISE: N_("apresiasi"),
        Intent.OTHER: N_("lainnya"),
    },
    "sentiment": {"negatif": N_("negatif"), "netral": N_("netral"), "positif": N_("positif")},
    "urgency": {
        Urgency.ORDINARY: N_("biasa"),
        Urgency.PRESSING: N_("mendesak"),
        Urgency.EMERGENCY: N_("darurat"),
    },
    "authority": {
        Authority.VILLAGE: N_("desa"),
        Authority.REGENCY: N_("kabupaten"),
        Authority.CITY: N_("kota"),
        Authority.PROVINCE: N_("provinsi"),
        Authority.CENTRE: N_("pusat"),
        Authority.STATE_COMPANY: N_("BUMN"),
        Authority.REGIONAL_COMPANY: N_("BUMD"),
    },
    "channel": {
        Channel.WEB: N_("Web"),
        Channel.COMMENT: N_("Komentar"),
        Channel.X: "X",
        Channel.TELEGRAM: "Telegram",
        Channel.FACEBOOK: "Facebook",
        Channel.INSTAGRAM: "Instagram",
        Channel.YOUTUBE: "YouTube",
        Channel.TIKTOK: "TikTok",
        Channel.THREADS: "Threads",
        Channel.FORM: N_("Formulir"),
        Channel.PHONE: N_("Telepon"),
        Channel.WHATSAPP: "WhatsApp",
        Channel.LETTER: N_("Surat"),
        Channel.FACE_TO_FACE: N_("Tatap muka"),
        Channel.EMAIL: N_("Surel"),
        Channel.SP4N: "SP4N-LAPOR!",
        Channel.OTHER: N_("Lainnya"),
    },
    "language": {
        Language.INDONESIAN: N_("Indonesia"),
        Language.SASAK: N_("Sasak"),
        Language.BENGKULU: N_("Melayu Bengkulu"),
        Language.JAVANESE: N_("Jawa"),
        Language.BALINESE: N_("Bali"),
        Language.ENGLISH: N_("Inggris"),
        Language.OTHER: N_("bahasa lain"),
    },
    "state": {
        CaseState.NEW: N_("baru"),
        CaseState.REVIEWED: N_("ditinjau"),
        CaseState.NOT_A_COMPLAINT: N_("bukan aduan"),
    },
    "date_trust": {
        DateTrust.EXACT: N_("pasti"),
        DateTrust.DAY: N_("hanya harinya"),
        DateTrust.INFERRED: N_("perkiraan"),
        DateTrust.FETCHED: N_("saat diambil"),
    },
    "relevance": {"1": N_("ya"), "0": N_("tidak")},
}
FIELDS: Final[Mapping[str, str]] = {
    "topic": N_("Topik"),
    "kecamatan": N_("Kecamatan"),
    "desa": N_("Desa"),
    "opd": N_("OPD"),
    "sentiment": N_("Sentimen"),
    "intent": N_("Maksud"),
    "urgency": N_("Urgensi"),
    "source": N_("Sumber"),
    "channel": N_("Kanal"),
    "language": N_("Bahasa"),
    "state": N_("Status"),
    "region": N_("Wilayah"),
    "urusan": N_("Urusan"),
    "authority": N_("Kewenangan"),
    "story": N_("Serupa"),
}
TASKS: Final[Mapping[LabelTask, str]] = {
    LabelTask.INTENT: N_("Maksud"),
    LabelTask.TOPIC: N_("Topik"),
    LabelTask.SENTIMENT: N_("Sentimen"),
    LabelTask.URGENCY: N_("Urgensi"),
    LabelTask.AUTHORITY: N_("Kewenangan"),
    LabelTask.OPD: N_("OPD"),
    LabelTask.PLACE: N_("Tempat"),
    LabelTask.RELEVANCE: N_("Menyangkut wilayah"),
}
OWN_SOURCES: Final = {  # doors of our own
    "catat": "Dicatat petugas", "pintu-formulir": "Formulir warga", "pintu-telegram": "Bot Telegram",
    "pintu-whatsapp": "WhatsApp pusat",
}  # fmt: skip
ROLES: Final[Mapping[str, str]] = {
    "admin": N_("Admin"),
    "analis": N_("Analis"),
    "penghubung": N_("Penghubung"),
    "pimpinan": N_("Pimpinan"),
    "kades": N_("Kepala desa"),
}
MASKS: Final[Mapping[str, str]] = {
    "nik": N_("NIK"),
    "kk": N_("nomor KK"),
    "telepon": N_("nomor telepon"),
    "surel": N_("alamat surel"),
    "pelat": N_("nomor pelat"),
    "rekening": N_("nomor rekening"),
}
PII_WORDS: Final[Mapping[PiiKind, str]] = {
    PiiKind.NIK: "nik",
    PiiKind.KK: "kk",
    PiiKind.PHONE: "telepon",
    PiiKind.EMAIL: "surel",
    PiiKind.PLATE: "pelat",
    PiiKind.ACCOUNT: "rekening",
}


SOURCES_SECONDS: Final = 2.0


class Names:
    """Names of everything that a page shows by code. Safe to share between threads."""

    def __init__(
        self, taxonomy: Taxonomy, profiles: Mapping[str, RegionProfile], sources: Callable[[], Mapping[str, str]]
    ) -> None:
        self._taxonomy = taxonomy
        self._profiles = profiles
        self._sources = sources
        self._told: tuple[float, Mapping[str, str]] = (float("-inf"), {})

    def of(self, field: str, value: str, speech: Speech) -> str:
        """A field's value in words; the value itself where there are none."""
        if field in WORDS:
            return speech.say(WORDS[field].get(value, value))
        match field:
            case "topic" | "topic_main":
                return self.topic(value, speech)
            case "opd":
                return self.short_agency(value)
            case "kecamatan" | "desa":
                return self.area(value)
            case "source":
                return self.source(value)
            case "region":
                return self._profiles[value].short if value in self._profiles else value
            case "urusan":
                return next((u.name for u in self._taxonomy.urusan if u.code == value), value)
        return value

    def topic(self, code: str, speech: Speech) -> str:
        """A topic, or a main topic, in the page's language."""
        try:
            found = self._taxonomy.topic(code) if "." in code else self._taxonomy.main_topic(code)
        except NotFound:
            return code
        return found.en if speech.lang == "en" else found.name

    def short_agency(self, code: str) -> str:
        """The usual short name of an agency: its code, as people write it."""
        return code.replace("_", " ")

    def agency(self, region: str, code: str) -> str:
        """The whole name of an agency."""
        profile = self._profiles.get(region)
        return profile.agencies[code].name if profile and code in profile.agencies else code

    def area(self, kode: str) -> str:
        """The name of an area."""
        for profile in self._profiles.values():
            if kode in profile.areas:
                return profile.areas[kode].name
        return kode

    def source(self, key: str) -> str:
        """The name of a source, or its key as words."""
        return self._source_names().get(key) or OWN_SOURCES.get(key) or key.replace("-", " ").capitalize()

    def _source_names(self) -> Mapping[str, str]:
        """All sources' names, asked for once a page: a new name may take as long to show."""
        at, told = self._told
        if time.monotonic() - at > SOURCES_SECONDS:
            told = self._sources()
            self._told = (time.monotonic(), told)
        return told
