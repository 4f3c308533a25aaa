"""The values of tickets. They are a promise to those who script against Jaring: extend, never rename."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

SYSTEM: Final = "sistem"  # as history names who acts when nobody does


class TicketState(StrEnum):
    """Where a ticket stands."""

    NEW = "baru"  # proposed; nobody has looked at it
    VERIFIED = "terverifikasi"  # a person took it for a matter of the government; no office has it
    DISPOSED = "didisposisikan"  # an office has it and has not said so yet
    IN_PROGRESS = "dikerjakan"  # the office took it
    AWAITING_REVIEW = "menunggu_verifikasi"  # the office says it is done; the center has to see to it
    DONE = "selesai"
    POSTPONED = "ditunda"  # its clocks stand still
    REFUSED = "ditolak"
    ARCHIVED = "diarsipkan"
    FORWARDED = "diteruskan_ke_luar"  # an authority that does not work here has it


OPEN_STATES = frozenset(
    {
        TicketState.NEW,
        TicketState.VERIFIED,
        TicketState.DISPOSED,
        TicketState.IN_PROGRESS,
        TicketState.AWAITING_REVIEW,
        TicketState.POSTPONED,
    }
)
WITH_AGENCY = frozenset(
    {TicketState.DISPOSED, TicketState.IN_PROGRESS, TicketState.AWAITING_REVIEW, TicketState.POSTPONED}
)


class Action(StrEnum):
    """What is done to a ticket. Each is one line of its history."""

    OPEN = "buka"
    VERIFY = "verifikasi"
    DISPOSE = "disposisi"
    ACCEPT = "terima"
    ANSWER = "jawab"
    SUBMIT = "ajukan_selesai"
    APPROVE = "setujui"
    SEND_BACK = "kembalikan"
    NOT_OURS = "bukan_wewenang"
    POSTPONE = "tunda"
    RESUME = "lanjutkan"
    REFUSE = "tolak"
    ARCHIVE = "arsipkan"
    FORWARD = "teruskan_ke_luar"
    REOPEN = "buka_kembali"
    NOTE = "catatan"
    JOIN = "gabung"  # cases, or a whole ticket, were put into this one
    SPLIT = "pisah"  # cases were taken out of this one
    SUCCEED = "beralih"  # the office was merged or renamed: another one has it now
    CORRECT = "koreksi"  # title, topic or place
    WITHDRAWN = "dihapus_di_sumber"  # posts that it tells of were deleted where they stood; the words are hidden
    SHOWN_AGAIN = "tampil_lagi_di_sumber"  # and one is there again
    UNDO = "urungkan"  # a verdict at the desk was taken back: it stands where it stood before


class Party(StrEnum):
    """Who acts."""

    CENTER = "pusat_kendali"
    AGENCY = "opd"
    SYSTEM = "sistem"


class Origin(StrEnum):
    """How a ticket came to be."""

    PROPOSAL = "usulan"
    AUTOMATIC = "otomatis"
    PERSON = "petugas"


class RoutingMode(StrEnum):
    """What the machine may do in a region without a person."""

    PROPOSE = "usulan"  # tickets wait as `baru` for one click
    AUTOMATIC = "otomatis"  # what it is sure of goes straight to the office


class ClockKind(StrEnum):
    """Which deadline runs."""

    VERIFY = "verifikasi"
    RESPONSE = "tanggapan"
    RESOLVE = "penyelesaian"
