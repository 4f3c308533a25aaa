"""How a report stands, in words that anybody reads: the same page for a form and for a chat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from api.contexts.report import StandingView, StepView, WordsView
from api.parts import Parts
from api.speech import N_, Speech
from domain.tickets import TicketState
from store.talks_values import Spoken, Standing

RECEIVED, READ, PASSED, WORKED, ENDED = range(5)
STEPS: Final = (N_("Sudah diterima"), N_("Dibaca"), N_("Diteruskan"), N_("Dikerjakan"), N_("Selesai"))
REACHED: Final[Mapping[TicketState, int]] = {
    TicketState.NEW: READ,
    TicketState.VERIFIED: READ,
    TicketState.DISPOSED: PASSED,
    TicketState.IN_PROGRESS: WORKED,
    TicketState.AWAITING_REVIEW: WORKED,
    TicketState.POSTPONED: WORKED,
    TicketState.DONE: ENDED,
}
SHUT: Final[Mapping[TicketState, tuple[str, str]]] = {
    TicketState.REFUSED: (N_("Ditolak"), N_("Laporan ini tidak dapat ditindaklanjuti.")),
    TicketState.FORWARDED: (
        N_("Diteruskan ke instansi lain"),
        N_("Hal ini bukan wewenang pemerintah daerah; yang berwenang sudah diberi tahu."),
    ),
    TicketState.ARCHIVED: (N_("Ditutup"), N_("Laporan ini disimpan tanpa tindak lanjut.")),
}
SENTENCES: Final = {
    RECEIVED: N_("Laporan Anda sudah masuk dan menunggu dibaca."),
    READ: N_("Petugas sedang memeriksa laporan ini dan menentukan siapa yang menanganinya."),
    PASSED: N_("Laporan ini sudah sampai di dinas yang menanganinya."),
    WORKED: N_("Dinas yang menanganinya sedang mengerjakan hal ini."),
    ENDED: N_("Hal ini sudah diselesaikan dan diperiksa."),
}


def standing_view(parts: Parts, stands: Standing, says: Speech, *, fresh: bool, form: str) -> StandingView:
    """The page of a report's code."""
    state, sentence, tone, steps = _way(parts, stands, says)
    return StandingView(
        code=stands.code,
        region=parts.names.of("region", stands.region, says),
        fresh=fresh,
        state=state,
        sentence=sentence,
        tone=tone,
        steps=steps,
        words=tuple(_words(parts, stands, says)),
        here=f"/lapor/{stands.code}",
        form=form,
    )


def standing_words(parts: Parts, stands: Standing, says: Speech) -> str:
    """The same in a few lines, for a chat."""
    state, sentence, _, _ = _way(parts, stands, says)
    spoken = [f"{one.title}: {one.words}" for one in _words(parts, stands, says)]
    return "\n".join([f"{stands.code}: {state}", sentence, *spoken])


def _way(parts: Parts, stands: Standing, says: Speech) -> tuple[str, str, str, tuple[StepView, ...]]:
    """The state in a word and a sentence, its tone, and the steps."""
    state = _state(stands)
    if stands.withdrawn:
        shut = (N_("Dihapus"), N_("Isi laporan ini sudah dihapus."))
    elif stands.set_aside and state is None:
        shut = (N_("Selesai dibaca"), N_("Petugas membacanya; tidak ada yang perlu diteruskan ke dinas."))
    elif stands.guarded and state is not None and REACHED.get(state, ENDED) == ENDED:
        shut = (N_("Selesai diperiksa"), N_("Pemeriksaan laporan ini sudah berakhir."))
    elif state is not None and state in SHUT:
        shut = SHUT[state]
    else:
        return _going(parts, stands, state, says)
    begun = [_step(parts, stands, says, RECEIVED, "done")]
    if stands.read_at is not None:
        begun.append(_step(parts, stands, says, READ, "done"))
    end = StepView(says.say(shut[0]), _when(parts, stands, says, state), "now")
    return says.say(shut[0]), says.say(shut[1]), "shut", (*begun, end)


def _going(
    parts: Parts, stands: Standing, state: TicketState | None, says: Speech
) -> tuple[str, str, str, tuple[StepView, ...]]:
    reached = (READ if stands.read_at else RECEIVED) if state is None else REACHED[state]
    if stands.guarded:  # who handles it, and how far he is, is told to nobody from here; nor that it is guarded
        reached = min(reached, READ)
    steps = tuple(
        _step(parts, stands, says, number, "done" if number < reached else "now" if number == reached else "next")
        for number in range(len(STEPS))
    )
    title = steps[[step.at for step in steps].index("now")].title
    sentence = says.say(SENTENCES[reached])
    if state is TicketState.POSTPONED and not stands.guarded:
        sentence = says.say("Pengerjaannya ditunda sementara.")
    return title, sentence, "done" if reached == ENDED else "", steps


def _state(stands: Standing) -> TicketState | None:
    """The ticket's state; of an archived one, how it had ended."""
    if stands.state is not TicketState.ARCHIVED:
        return stands.state
    before = [step.state for step in stands.steps if step.state is not TicketState.ARCHIVED]
    return before[-1] if before and before[-1] in {TicketState.DONE, *SHUT} else TicketState.ARCHIVED


def _step(parts: Parts, stands: Standing, says: Speech, number: int, at: str) -> StepView:
    title = says.say(STEPS[number])
    zone = parts.zone_of(stands.region)
    if number == PASSED and stands.opd and at != "next":
        title = says.say("Diteruskan ke %(opd)s", opd=parts.names.agency(stands.region, stands.opd))
    if at == "next":
        return StepView(title, "", at)
    if number == RECEIVED:
        return StepView(title, says.moment(stands.opened_at, zone), at)
    if number == READ:
        return StepView(title, says.moment(stands.read_at, zone) if stands.read_at else "", at)
    reached = [step.at for step in stands.steps if REACHED.get(step.state) == number]
    return StepView(title, says.moment(reached[-1], zone) if reached else "", at)


def _when(parts: Parts, stands: Standing, says: Speech, state: TicketState | None) -> str:
    came = [step.at for step in stands.steps if step.state is state]
    return says.moment(came[-1], parts.zone_of(stands.region)) if came else ""


def _words(parts: Parts, stands: Standing, says: Speech) -> list[WordsView]:
    """What was written for the reporter: the reason where it was refused, else the newest answer."""
    if _state(stands) in {TicketState.REFUSED, TicketState.FORWARDED}:
        said: Spoken | None = stands.reason
        title = says.say("Alasannya")
    else:
        said, title = stands.answer, says.say("Jawaban resmi")
    if said is None or stands.withdrawn:
        return []
    return [WordsView(title, said.words, says.moment(said.at, parts.zone_of(stands.region)))]
