"""Who may open the settings, their pages, and what actions of the audit trail are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from api.contexts.settings import Tab
from api.parts import Parts
from api.speech import N_, Speech
from api.visitors import Visitor
from domain.errors import Forbidden
from store.people import Role

TABS: Final = (  # address, label, whether it concerns the whole installation
    ("/pengaturan/orang", N_("Orang"), True),
    ("/pengaturan/token", N_("Token"), True),
    ("/pengaturan/opd", N_("OPD"), False),
    ("/pengaturan/wilayah", N_("Data wilayah"), False),
    ("/pengaturan/mode", N_("Mode"), False),
    ("/pengaturan/audit", N_("Jejak audit"), True),
)
ACTIONS: Final[Mapping[str, str]] = {
    "user.": N_("semua tentang orang"),
    "user.add": N_("orang ditambah"),
    "user.change": N_("orang diubah"),
    "user.password": N_("sandi diganti pengelola"),
    "user.disable": N_("orang dinonaktifkan"),
    "user.enable": N_("orang diaktifkan"),
    "password.change": N_("sandi sendiri diganti"),
    "token.": N_("semua tentang token"),
    "token.add": N_("token dibuat"),
    "token.revoke": N_("token dicabut"),
    "secret.reveal": N_("data pribadi dibuka"),
    "export": N_("ekspor diunduh"),
    "case.state": N_("status kasus"),
    "post.record": N_("laporan dicatat"),
    "story.take_out": N_("kasus dikeluarkan dari cerita"),
    "source.": N_("semua tentang sumber"),
    "source.retry": N_("sumber dicoba lagi"),
    "source.pause": N_("sumber dijeda"),
    "source.resume": N_("sumber dilanjutkan"),
    "source.refill": N_("celah sumber diisi"),
    "source.add": N_("alamat baru diperiksa"),
    "source.add.saved": N_("sumber ditambah"),
    "source.add.dropped": N_("alamat baru tidak disimpan"),
    "source.answer": N_("jawaban mentah sumber dibuka"),
    "source.move": N_("alamat pengganti diperiksa"),
    "source.move.saved": N_("alamat sumber diganti"),
    "source.move.dropped": N_("alamat pengganti tidak disimpan"),
    "source.suggest": N_("pintu baru dicari"),
    "source.find.dropped": N_("usulan sumber dibuang"),
    "source.settings": N_("setelan sumber diubah"),
    "source.price.agreed": N_("harga sumber disetujui"),
    "source.price.refused": N_("sumber berbayar dimatikan"),
    "source.key.set": N_("kunci platform disimpan"),
    "source.key.removed": N_("kunci platform dihapus"),
    "region.": N_("semua tentang wilayah"),
    "region.edit": N_("data wilayah diubah"),
    "region.undo": N_("data wilayah diurungkan"),
    "region.mode": N_("mode wilayah diganti"),
    "region.calibration": N_("kalibrasi wilayah diganti"),
}


def must_set(visitor: Visitor) -> None:
    """Raise Forbidden for those who do not run anything here."""
    if visitor.user.role is not Role.ADMIN:
        raise Forbidden(N_("Pengaturan hanya untuk admin."))


def must_run(parts: Parts, visitor: Visitor) -> None:
    """Raise Forbidden for those who do not run the whole installation: an admin of some regions is no admin of all."""
    must_set(visitor)
    if not runs_all(parts, visitor):
        raise Forbidden(N_("Halaman ini hanya untuk admin semua wilayah."))


def runs_all(parts: Parts, visitor: Visitor) -> bool:
    """Whether the visitor's regions are all that are served."""
    return visitor.scope.regions >= set(parts.profiles)


def tabs(parts: Parts, visitor: Visitor, path: str, says: Speech) -> tuple[Tab, ...]:
    """The pages of the settings that the visitor may open."""
    whole = runs_all(parts, visitor)
    return tuple(Tab(href, says.say(label), href == path) for href, label, all_ in TABS if whole or not all_)
