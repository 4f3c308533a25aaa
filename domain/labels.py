"""The values that labels take. They are a promise to those who script against Jaring: extend, never rename."""

from __future__ import annotations

from enum import StrEnum


class Intent(StrEnum):
    """What the writer wants. The first three are the kinds of SP4N-LAPOR!."""

    COMPLAINT = "pengaduan"
    ASPIRATION = "aspirasi"
    QUESTION = "permintaan_informasi"
    PRAISE = "apresiasi"
    OTHER = "lainnya"


class Sentiment(StrEnum):
    """The writer's feeling about the matter, not about the post's wording."""

    NEGATIVE = "negatif"
    NEUTRAL = "netral"
    POSITIVE = "positif"


class Urgency(StrEnum):
    """How soon somebody must act: `darurat` means people are in danger now."""

    ORDINARY = "biasa"
    PRESSING = "mendesak"
    EMERGENCY = "darurat"


class Authority(StrEnum):
    """The level of government, or the kind of company, that owns a matter."""

    VILLAGE = "desa"
    REGENCY = "kabupaten"
    CITY = "kota"
    PROVINCE = "provinsi"
    CENTRE = "pusat"
    STATE_COMPANY = "bumn"
    REGIONAL_COMPANY = "bumd"


class Language(StrEnum):
    """The language most of a post is in: ISO 639 codes, `bkl` for Bengkulu Malay and Rejang."""

    INDONESIAN = "id"
    SASAK = "sas"
    BENGKULU = "bkl"
    JAVANESE = "jv"
    BALINESE = "ban"
    ENGLISH = "en"
    OTHER = "other"


class Channel(StrEnum):
    """The door by which a post came."""

    WEB = "web"
    COMMENT = "komentar"
    X = "x"
    TELEGRAM = "telegram"
    FACEBOOK = "facebook"
    INSTAGRAM = "instagram"
    YOUTUBE = "youtube"
    TIKTOK = "tiktok"
    THREADS = "threads"
    FORM = "formulir"
    PHONE = "telepon"
    WHATSAPP = "whatsapp"
    LETTER = "surat"
    FACE_TO_FACE = "tatap_muka"
    EMAIL = "email"
    SP4N = "sp4n"
    OTHER = "lainnya"


class DateTrust(StrEnum):
    """How far `published_at` can be believed."""

    EXACT = "pasti"  # the source's own timestamp
    DAY = "hari"  # the day is known, the hour is not
    INFERRED = "perkiraan"  # found in the page or counted back from "7 jam yang lalu"
    FETCHED = "saat_diambil"  # no usable date: the moment it was collected


class SourceState(StrEnum):
    """How a source answered last. A source that dies silently must show: see `silent`."""

    UNPROVEN = "unproven"  # nobody has seen it answer from here yet
    OK = "ok"  # answered, with posts that were new
    EMPTY = "empty"  # answered, with no posts at all
    UNCHANGED = "unchanged"  # answered that nothing changed (304, or all posts known)
    FAILED = "failed"  # no answer, or one that cannot be read
    AUTH_EXPIRED = "auth_expired"  # 401/403 where a key is used
    BLOCKED = "blocked"  # robots, login wall, ban
    STALE = "stale"  # answers, but its newest post is older than its own past predicts (silent zero)


class CaseState(StrEnum):
    """How far the center is with a case."""

    NEW = "baru"  # no person has looked at it
    REVIEWED = "ditinjau"  # a person confirmed or corrected it
    NOT_A_COMPLAINT = "bukan_aduan"  # a person set it aside


class LabelTask(StrEnum):
    """What a person may correct on a case."""

    INTENT = "intent"
    TOPIC = "topic"
    SENTIMENT = "sentiment"
    URGENCY = "urgency"
    AUTHORITY = "authority"
    OPD = "opd"
    PLACE = "place"
    RELEVANCE = "relevance"


class PiiKind(StrEnum):
    """Kinds of personal data that are masked before anything is written."""

    NIK = "nik"
    KK = "kk"
    PHONE = "phone"
    EMAIL = "email"
    PLATE = "plate"
    ACCOUNT = "account"
