"""States of sources and errands in words and shapes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from api.contexts.sources import StateView
from api.speech import N_, Speech
from domain.doors import KindFacts
from domain.labels import SourceState
from store.errands import ErrandKind, ErrandState

# State -> word, shape, tone, what it means. In the order in which somebody should look at them.
STATES: Final[Mapping[SourceState, tuple[str, str, str, str]]] = {
    SourceState.FAILED: (N_("gagal"), "cross", "late", N_("Tidak menjawab, atau jawabannya tidak terbaca.")),
    SourceState.AUTH_EXPIRED: (N_("izin habis"), "cross", "late", N_("Kunci aksesnya tidak diterima lagi.")),
    SourceState.BLOCKED: (N_("ditolak"), "bar", "late", N_("Situsnya melarang dibaca mesin.")),
    SourceState.STALE: (N_("diam"), "wedge", "due", N_("Menjawab, tetapi lebih lama diam daripada biasanya.")),
    SourceState.EMPTY: (N_("kosong"), "hollow", "due", N_("Menjawab tanpa satu kiriman pun.")),
    SourceState.UNPROVEN: (N_("belum dirayapi"), "dashed", "off", N_("Belum pernah dijawab sejak ditambahkan.")),
    SourceState.OK: (N_("baik"), "good", "ok", N_("Menjawab dan membawa kiriman baru.")),
    SourceState.UNCHANGED: (N_("tidak berubah"), "quiet", "ok", N_("Menjawab; tidak ada yang baru.")),
}
OFF: Final = (N_("dijeda"), "pause", "off", N_("Tidak dirayapi sampai dilanjutkan."))
SWITCHED_OFF: Final = (N_("dimatikan"), "pause", "off", N_("Dimatikan dalam profil wilayah."))
UNAGREED: Final = (
    N_("menunggu persetujuan"),
    "pause",
    "due",
    N_("Berbayar: didengarkan sesudah admin menyetujui harganya."),
)
ORDER: Final = {state: number for number, state in enumerate(STATES)}
KINDS: Final[Mapping[str, str]] = {"rss": "RSS/Atom", "wordpress": "WordPress", "sitemap": N_("Peta situs")}
NO_KINDS: Final[Mapping[str, KindFacts]] = {}
ERRANDS: Final[Mapping[ErrandKind, str]] = {
    ErrandKind.ADD: N_("Alamat baru diperiksa"),
    ErrandKind.MOVE: N_("Ganti alamat: %(url)s"),
    ErrandKind.REFILL: N_("Isi celah sejak %(day)s"),
    ErrandKind.SUGGEST: N_("Cari pintu baru"),
}
ERRAND_STATES: Final[Mapping[ErrandState, tuple[str, str]]] = {
    ErrandState.WAITING: (N_("menunggu giliran"), "due"),
    ErrandState.RUNNING: (N_("sedang dikerjakan"), "due"),
    ErrandState.PROVEN: (N_("terbukti, belum disimpan"), "due"),
    ErrandState.DONE: (N_("selesai"), "ok"),
    ErrandState.FAILED: (N_("gagal"), "late"),
    ErrandState.DROPPED: (N_("tidak disimpan"), "off"),
}


def state_view(
    state: SourceState, says: Speech, *, paused: bool = False, off: bool = False, unagreed: bool = False
) -> StateView:
    """A source's state; a pause stands over whatever it answered last."""
    word, shape, tone, about = UNAGREED if unagreed else OFF if paused else SWITCHED_OFF if off else STATES[state]
    return StateView(says.say(word), shape, tone, says.say(about))


def kind_word(kind: str, says: Speech, kinds: Mapping[str, KindFacts] = NO_KINDS) -> str:
    """A kind of source for people."""
    facts = kinds.get(kind)
    return says.say(KINDS[kind]) if kind in KINDS else facts.title if facts else kind
