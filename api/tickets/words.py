"""Tickets in words: states, views, clocks, and what each line of a history says was done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from api.speech import N_
from domain.tickets import Action, ClockKind, Origin, TicketState

STATES: Final[Mapping[str, str]] = {
    TicketState.NEW: N_("baru"),
    TicketState.VERIFIED: N_("terverifikasi"),
    TicketState.DISPOSED: N_("didisposisikan"),
    TicketState.IN_PROGRESS: N_("dikerjakan"),
    TicketState.AWAITING_REVIEW: N_("menunggu verifikasi"),
    TicketState.DONE: N_("selesai"),
    TicketState.POSTPONED: N_("ditunda"),
    TicketState.REFUSED: N_("ditolak"),
    TicketState.ARCHIVED: N_("diarsipkan"),
    TicketState.FORWARDED: N_("diteruskan ke luar"),
}
VIEWS: Final[Mapping[str, str]] = {
    "terbuka": N_("terbuka"),
    "terlambat": N_("terlambat"),
    "hari_ini": N_("hari ini"),
    "usulan": N_("usulan"),
    "dikembalikan": N_("dikembalikan"),
    "selesai": N_("selesai"),
    "semua": N_("semua"),
}
ORDERS: Final[Mapping[str, str]] = {
    "tenggat": N_("tenggat"),
    "terbaru": N_("terbaru"),
    "terlama": N_("terlama"),
}
CLOCKS: Final[Mapping[str, str]] = {
    ClockKind.VERIFY: N_("Tenggat verifikasi"),
    ClockKind.RESPONSE: N_("Tenggat tanggapan"),
    ClockKind.RESOLVE: N_("Tenggat penyelesaian"),
}
ORIGINS: Final[Mapping[str, str]] = {
    Origin.PROPOSAL: N_("usulan mesin"),
    Origin.AUTOMATIC: N_("otomatis"),
    Origin.PERSON: N_("petugas"),
}
# What somebody did, behind his name.
DEEDS: Final[Mapping[Action, str]] = {
    Action.OPEN: N_("membuka tiket"),
    Action.VERIFY: N_("memverifikasi"),
    Action.DISPOSE: N_("mendisposisikan ke %(opd)s"),
    Action.ACCEPT: N_("menerima tiket"),
    Action.ANSWER: N_("menjawab"),
    Action.SUBMIT: N_("mengajukan selesai"),
    Action.APPROVE: N_("menyetujui: selesai"),
    Action.SEND_BACK: N_("mengembalikan untuk dikerjakan lagi"),
    Action.NOT_OURS: N_("mengembalikan: bukan wewenang %(opd)s"),
    Action.POSTPONE: N_("menunda"),
    Action.RESUME: N_("melanjutkan"),
    Action.REFUSE: N_("menolak"),
    Action.ARCHIVE: N_("mengarsipkan"),
    Action.FORWARD: N_("meneruskan ke luar"),
    Action.REOPEN: N_("membuka kembali"),
    Action.NOTE: N_("mencatat"),
    Action.JOIN: N_("menggabungkan"),
    Action.SPLIT: N_("memisahkan"),
    Action.SUCCEED: N_("mengalihkan ke %(opd)s, penerus tugasnya"),
    Action.CORRECT: N_("mengoreksi"),
    Action.WITHDRAWN: N_("menyembunyikan kiriman yang dihapus di sumbernya"),
    Action.SHOWN_AGAIN: N_("menampilkan lagi kiriman yang tampil lagi di sumbernya"),
    Action.UNDO: N_("mengurungkan putusan"),
}
# The shape of a line's mark in the history.
KINDS: Final[Mapping[Action, str]] = {
    Action.OPEN: "opened",
    Action.REOPEN: "opened",
    Action.VERIFY: "routed",
    Action.DISPOSE: "routed",
    Action.SUCCEED: "routed",
    Action.SEND_BACK: "routed",
    Action.ACCEPT: "office",
    Action.ANSWER: "office",
    Action.SUBMIT: "office",
    Action.NOT_OURS: "office",
    Action.APPROVE: "closed",
    Action.REFUSE: "closed",
    Action.ARCHIVE: "closed",
    Action.FORWARD: "closed",
}
