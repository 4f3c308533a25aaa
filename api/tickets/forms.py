"""The forms of a ticket: which of its allowed actions stand on the page, what each asks for, which one comes first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from api.contexts.ticket import ActionForm
from api.speech import N_, Speech
from domain.tickets import ACTIONS, Action, Ticket, TicketState
from store.standing import REACHES_REPORTER

MAX_NOTE: Final = 4_000  # an answer is a letter, not a chapter
READ_OUTSIDE: Final = N_(
    "Tulisan ini dibaca pelapor melalui kode laporannya. "
    "Jangan tulis nama orang lain atau hal yang hanya untuk petugas."
)


@dataclass(frozen=True, slots=True)
class Spec:
    """What a form asks for besides a click. `note` and `agency` say what for; without them nothing is asked."""

    label: str
    note: str = ""
    agency: str = ""
    about: str = ""


SPECS: Final[Mapping[Action, Spec]] = {
    Action.VERIFY: Spec(N_("Verifikasi")),
    Action.DISPOSE: Spec(N_("Disposisi"), N_("Pesan untuk OPD"), N_("Kepada OPD")),
    Action.ACCEPT: Spec(N_("Terima")),
    Action.SUBMIT: Spec(
        N_("Ajukan selesai"),
        N_("Apa yang sudah dikerjakan"),
        about=N_("Pusat kendali memeriksanya sebelum tiket ini selesai."),
    ),
    Action.ANSWER: Spec(N_("Jawab"), N_("Jawaban untuk pelapor")),
    Action.APPROVE: Spec(N_("Setujui selesai")),
    Action.SEND_BACK: Spec(N_("Kembalikan"), N_("Apa yang masih kurang")),
    Action.NOT_OURS: Spec(
        N_("Bukan wewenang"),
        N_("Alasan"),
        N_("Seharusnya OPD (boleh kosong)"),
        N_("Tiket kembali ke pusat kendali beserta seluruh riwayatnya."),
    ),
    Action.RESUME: Spec(N_("Lanjutkan")),
    Action.POSTPONE: Spec(N_("Tunda"), N_("Mengapa ditunda"), about=N_("Tenggat berhenti sampai tiket dilanjutkan.")),
    Action.FORWARD: Spec(N_("Teruskan ke luar"), N_("Kepada siapa, lewat apa")),
    Action.REFUSE: Spec(N_("Tolak"), N_("Alasan")),
    Action.ARCHIVE: Spec(N_("Arsipkan"), N_("Catatan")),
    Action.REOPEN: Spec(N_("Buka kembali"), N_("Alasan")),
    Action.NOTE: Spec(N_("Catatan"), N_("Catatan untuk riwayat")),
}
# What is usually next, by state: its form is the filled button.
NEXT: Final[Mapping[TicketState, tuple[Action, ...]]] = {
    TicketState.NEW: (Action.DISPOSE,),
    TicketState.VERIFIED: (Action.DISPOSE,),
    TicketState.DISPOSED: (Action.ACCEPT,),
    TicketState.IN_PROGRESS: (Action.SUBMIT,),
    TicketState.AWAITING_REVIEW: (Action.APPROVE,),
    TicketState.POSTPONED: (Action.RESUME,),
}
SHORT: Final = 4  # actions that the panel beside the list shows


def forms_of(
    ticket: Ticket, allowed: Iterable[Action], says: Speech, *, has_click: bool = False
) -> tuple[ActionForm, ...]:
    """The forms for a ticket, what is usually next first, then in the order of SPECS.

    With `has_click` a button of its own stands before them for what is next: none of them is filled.
    """
    may = set(allowed)
    first = next((action for action in NEXT.get(ticket.state, ()) if action in may), None)
    ordered = sorted((action for action in SPECS if action in may), key=lambda action: action is not first)
    return tuple(_form(action, ticket, says, main=action is first and not has_click) for action in ordered)


def brought_back(
    forms: tuple[ActionForm, ...], action: str, *, note: str, agency: str
) -> tuple[tuple[ActionForm, ...], bool]:
    """The forms with one opened as it was filled in; False when that one is no longer there."""
    filled = tuple(
        replace(form, opened=True, typed=note, chosen=agency or form.chosen) if form.action == action else form
        for form in forms
    )
    return filled, any(form.action == action for form in forms)


def _form(action: Action, ticket: Ticket, says: Speech, *, main: bool) -> ActionForm:
    spec, move = SPECS[action], ACTIONS[action]
    outside = READ_OUTSIDE if action in REACHES_REPORTER and not ticket.oversight else ""
    return ActionForm(
        action=action.value,
        label=says.say(spec.label),
        main=main,
        about=" ".join(says.say(one) for one in (spec.about, outside) if one),
        note=("required" if move.needs_reason else "optional") if spec.note else "",
        note_label=says.say(spec.note),
        agency=("required" if move.needs_agency else "optional") if spec.agency else "",
        agency_label=says.say(spec.agency),
        chosen=(ticket.proposed or ticket.opd or "") if action is Action.DISPOSE else "",
    )
