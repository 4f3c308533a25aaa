"""What `jaring doctor` looks at: settings, folder, keys, database, regions, index, room on the disk."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.errors import JaringError
from domain.regions.check import check_region
from domain.text.tokens import NORM_VERSION
from jaring.sourcekeys import key_notices, told_of
from jaring.wiring import Hall, make_home
from store.pacing import overdue

LEAST_FREE_BYTES = 512 * 1024**2  # below this a busy day may fill the disk before anyone looks


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that was looked at; `message` says what to do when it is not ok."""

    subject: str
    ok: bool
    message: str


def diagnose() -> list[Diagnosis]:
    """Look at everything; a failure of one look does not hide the others."""
    try:
        opened = Hall()
    except JaringError as failure:
        return [Diagnosis("setelan", ok=False, message=str(failure))]
    try:
        return [result for subject, look in LOOKS.items() for result in _safely(subject, look, opened)]
    finally:
        opened.close()


def _safely(subject: str, look: Callable[[Hall], Iterator[Diagnosis]], opened: Hall) -> Iterator[Diagnosis]:
    try:
        yield from look(opened)
    except JaringError as failure:
        yield Diagnosis(subject, ok=False, message=str(failure))


def _folder(opened: Hall) -> Iterator[Diagnosis]:
    home = opened.settings.home
    make_home(home)
    free = shutil.disk_usage(home).free
    enough = free >= LEAST_FREE_BYTES
    text = f"{home.resolve()}, sisa {free // 1024**2} MB"
    yield Diagnosis("folder", ok=enough, message=text if enough else f"{text}: kosongkan disk")


def _regions(opened: Hall) -> Iterator[Diagnosis]:
    for slug, profile in opened.profiles.items():
        yield Diagnosis("wilayah", ok=True, message=f"{slug} ({profile.name}), versi {profile.version}")
    if opened.settings.overlays.is_dir():
        for folder in sorted(p for p in opened.settings.overlays.iterdir() if p.is_dir()):
            for finding in check_region(folder):
                yield Diagnosis("wilayah", ok=False, message=f"{finding.file}:{finding.line}: {finding.message}")


def _database(opened: Hall) -> Iterator[Diagnosis]:
    findings = opened.store.check()
    for finding in findings:
        yield Diagnosis("basis data", ok=False, message=finding)
    if not findings:
        yield Diagnosis("basis data", ok=True, message=f"{opened.store.counts().posts} kiriman")


def _index(opened: Hall) -> Iterator[Diagnosis]:
    status = opened.index.status()
    if status.norm_version != NORM_VERSION:
        yield Diagnosis("indeks", ok=False, message="aturan katanya lama: jalankan jaring index rebuild")
    cases = opened.store.counts().cases
    waiting = opened.store.belts.depth()["index"].waiting
    behind = abs(cases - status.documents) > waiting
    message = f"{status.documents} dokumen untuk {cases} kasus, {waiting} menunggu"
    yield Diagnosis(
        "indeks", ok=not behind, message=f"{message}: jalankan jaring index reconcile" if behind else message
    )


def _crawling(opened: Hall) -> Iterator[Diagnosis]:
    if opened.settings.crawl and not opened.settings.contact:
        yield Diagnosis(
            "perayap", ok=True, message="JARING_CONTACT kosong; isi surel pengelola agar situs tahu siapa yang merayap"
        )

    late = overdue_sources(opened)
    if late:
        yield Diagnosis(
            "perayap",
            ok=False,
            message=f"{len(late)} sumber tidak dirayapi sejak dua jarak rayapnya, di antaranya {late[0]}: "
            "jalankan jaring up atau jaring run crawlers",
        )


def _answers(opened: Hall) -> Iterator[Diagnosis]:
    days, size = opened.settings.keep_answers_days, opened.shelf.size()
    kept = f"{size / 1024**2:.0f} MB jawaban mentah di {opened.settings.answers.resolve()}"
    told = f"{kept}, disimpan {days} hari" if days else f"{kept}; tidak ada lagi yang disimpan"
    yield Diagnosis("jawaban", ok=True, message=told)


def overdue_sources(opened: Hall) -> list[str]:
    """The sources that should have been crawled an interval ago and were not."""
    now = datetime.now(UTC)
    return [spec.key for spec, memory in opened.store.sources.all() if overdue(memory, spec, now)]


def _keys(opened: Hall) -> Iterator[Diagnosis]:
    for notice in key_notices(opened):
        yield Diagnosis("kunci", ok=not notice.ended, message=told_of(notice))


LOOKS: dict[str, Callable[[Hall], Iterator[Diagnosis]]] = {
    "folder": _folder,
    "wilayah": _regions,
    "basis data": _database,
    "indeks": _index,
    "perayap": _crawling,
    "jawaban": _answers,
    "kunci": _keys,
}
