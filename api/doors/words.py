"""What a chat is answered: short, in Indonesian, the same words at every door."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from api.doors.standing import standing_words
from api.parts import Parts
from api.speech import speech
from domain.receipts import read_receipt
from domain.regions import RegionProfile
from store.talks import MOST_OPENED
from store.talks_values import Said, TakenAs, TakenIn

_ASKED: Final = re.compile(r"/?(start|mulai|bantuan|help|menu|status|baru)(?:@\w+)?(?:\s+(.{1,40}))?", re.IGNORECASE)
_CODE: Final = re.compile(r"[a-z]{2,4}[\s\-._]?[0-9a-z]{3,5}[\s\-._]?[0-9a-z]{3,5}", re.IGNORECASE)  # or nearly one
_ALONE: Final = frozenset({"start", "mulai", "bantuan", "help", "menu", "baru"})  # a command with no word behind it


@dataclass(frozen=True, slots=True)
class Asked:
    """Something that is asked of the door, not reported: `bantuan`, `status` of a code, `baru`."""

    what: str
    about: str = ""


def asked_in(text: str, *, slash: bool) -> Asked | None:
    """What a message asks for, None for a report. With `slash` only what begins with one is a command."""
    found = _ASKED.fullmatch(" ".join(text.split()))
    if found is None or (slash and not text.lstrip().startswith("/")):
        return None
    what, about = found[1].lower(), found[2] or ""
    if what in _ALONE and about and not slash:
        return None
    if what == "status" and not slash and not _is_like_a_code(about):
        return None
    return Asked({"status": "status", "baru": "baru"}.get(what, "bantuan"), about)


def answer_to(parts: Parts, profile: RegionProfile, said: Said, asked: Asked) -> str:
    """The answer to what is asked; `baru` ends the conversation."""
    if asked.what == "baru":
        if said.person is not None:
            parts.store.talks.end(said.door, said.region, said.person)
        return "Baik. Pesan Anda berikutnya menjadi laporan baru."
    if asked.what == "status":
        return _status(parts, said, asked.about)
    return (
        f"Ini pintu laporan {profile.name}. Tulis apa yang terjadi dan di mana; foto dan lokasi boleh menyusul. "
        "Yang ditulis dalam setengah jam menjadi satu laporan, dan Anda mendapat kodenya.\n"
        "status KODE: melihat kelanjutan laporan.\n"
        "baru: memulai laporan lain.\n"
        "Bila ada yang dalam bahaya, hubungi nomor darurat setempat: laporan di sini tidak dibaca seketika."
    )


def thanks(parts: Parts, taken: TakenIn) -> str:
    """What is said when a message was taken in."""
    if taken.outcome is TakenAs.OPENED:
        return (
            f"Terima kasih, laporan Anda diterima. Kodenya: {taken.code}\n"
            "Simpan kode ini untuk melihat kelanjutannya" + _where(parts, taken.code) + ". "
            "Tambahan dalam setengah jam (tulisan, foto, lokasi) menjadi bagian laporan ini."
        )
    return f"Sudah ditambahkan ke laporan {taken.code}."


def too_many(parts: Parts, profile: RegionProfile) -> str:
    """What is said when an account has opened so many conversations that its message was not taken in."""
    base, form = parts.settings.base_url, ""
    if base and parts.settings.public_form:
        form = f", atau tulis sekarang di {base.rstrip('/')}/lapor/{profile.slug}"
    return (
        f"Pesan ini belum diterima: dari akun ini sudah ada {MOST_OPENED} laporan dalam 24 jam. "
        f"Kirim lagi setelah 24 jam{form}. Semua laporan yang sudah berkode tetap diproses.\n"
        "Bila ada yang dalam bahaya, hubungi nomor darurat setempat."
    )


def _is_like_a_code(about: str) -> bool:
    """Whether somebody meant to write a code there: "status jalan rusak" is a report."""
    return _CODE.fullmatch(about) is not None and (about.count("-") > 1 or any(one.isdecimal() for one in about))


def _status(parts: Parts, said: Said, about: str) -> str:
    accounts, now = parts.store.accounts, parts.clock()
    who = parts.store.keys.sign("address", f"{said.door} {said.region} {said.person}")
    if accounts.login_blocked(f"kode {who}", f"kode {who}", now):
        return "Terlalu banyak percobaan. Tunggu 15 menit, lalu coba lagi."
    code = read_receipt(about)
    stands = parts.store.talks.standing(code) if code else None
    if stands is None:
        accounts.note_attempt(f"kode {who}", f"kode {who}", now, ok=False)
        return "Kode itu tidak ditemukan. Tulis: status KODE, misalnya status LB-7K2M-9QXD."
    return standing_words(parts, stands, speech("id"))


def _where(parts: Parts, code: str) -> str:
    base = parts.settings.base_url
    return f" di {base.rstrip('/')}/lapor/{code}" if base else f" (tulis: status {code})"
