"""`jaring crawl`: collect from the sources now."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from domain.errors import Refused
from domain.labels import SourceState
from domain.ports import CrawlOutcome
from jaring.console import emit, progress, table
from jaring.wiring import Hall, hall

DEAD = frozenset({SourceState.FAILED, SourceState.BLOCKED, SourceState.AUTH_EXPIRED})
STATES = {
    SourceState.UNPROVEN: "belum terbukti", SourceState.OK: "baik", SourceState.EMPTY: "kosong",
    SourceState.UNCHANGED: "tidak berubah", SourceState.FAILED: "gagal", SourceState.AUTH_EXPIRED: "izin habis",
    SourceState.BLOCKED: "ditolak", SourceState.STALE: "diam",
}  # fmt: skip


def attach(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def crawl(
        sources: Annotated[list[str] | None, typer.Argument(help="Kunci sumber; kosong berarti semua.")] = None,
        since: Annotated[
            datetime | None,
            typer.Option(
                "--since", formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"], help="Ambil juga yang lama, sejak hari ini."
            ),
        ] = None,
        replay: Annotated[
            str | None,
            typer.Option("--replay", help="Baca lagi jawaban tersimpan sumber ini; tidak merayap."),
        ] = None,
        *,
        json: Annotated[bool, typer.Option("--json", help="Cetak JSON.")] = False,
    ) -> None:
        """Kumpulkan kiriman dari sumber sekarang juga."""
        if replay is not None:
            if sources:
                raise typer.BadParameter("--replay membaca satu sumber; jangan sebut sumber lain.")
            _read_again(replay, since, json=json)
            return
        from jaring.crawling import crawl_once, jobs_for  # noqa: PLC0415  Scrapy takes a second to load

        with hall() as opened:
            opened.store.sources.sync(opened.source_specs)
            jobs = jobs_for(opened, sources or [])
            if not jobs:
                raise Refused("Belum ada sumber; tambahkan dengan `jaring sources add URL --region R`.")
            with progress("Merayapi sumber", len(jobs)) as advance:
                outcomes = crawl_once(opened, sources or [], midnight(opened, since), lambda _: advance())
        emit([as_dict(outcome) for outcome in outcomes]) if json else show(outcomes)
        if outcomes and all(outcome.state in DEAD for outcome in outcomes):
            raise Refused(f"Semua sumber gagal; yang pertama, {outcomes[0].key}: {outcomes[0].message}")


def _read_again(source: str, since: datetime | None, *, json: bool) -> None:
    from jaring.replays import replay_kept  # noqa: PLC0415  Scrapy takes a second to load

    with hall() as opened, progress("Membaca jawaban tersimpan", None):
        done = replay_kept(opened, source, midnight(opened, since))
    report = done.report
    told = {
        "key": source, "crawls": done.crawls, "answers": done.answers, "missing": done.missing, "added": report.added,
        "revised": report.revised, "unchanged": report.unchanged, "quarantined": report.quarantined,
        "faults": done.faults,
    }  # fmt: skip
    if json:
        emit(told)
    else:
        table(
            ("sumber", "perayapan", "jawaban", "baru", "berubah", "sama", "disisihkan", "tidak tersimpan"),
            [
                (
                    source, str(done.crawls), str(done.answers), str(report.added), str(report.revised),
                    str(report.unchanged), str(report.quarantined), str(done.missing),
                )
            ],
        )  # fmt: skip
    if done.faults:
        raise Refused(f"{len(done.faults)} perayapan tidak terbaca sampai selesai; yang pertama, {done.faults[0]}")


def midnight(opened: Hall, since: datetime | None) -> datetime | None:
    """A day as the region's people mean it: from midnight in the zone of the first region served."""
    if since is None:
        return None
    profile = next(iter(opened.profiles.values()), None)
    return since.replace(tzinfo=profile.tz if profile else UTC)


def as_dict(outcome: CrawlOutcome) -> dict[str, object]:
    """An outcome as JSON shows it."""
    return {
        "key": outcome.key, "state": outcome.state.value, "seen": outcome.seen, "added": outcome.report.added,
        "revised": outcome.report.revised, "unchanged": outcome.report.unchanged,
        "quarantined": outcome.report.quarantined, "message": outcome.message,
    }  # fmt: skip


def show(outcomes: list[CrawlOutcome]) -> None:
    """Print what each source brought."""
    table(
        ("sumber", "keadaan", "terlihat", "baru", "berubah", "disisihkan", "pesan"),
        [
            (
                one.key, STATES[one.state], str(one.seen), str(one.report.added), str(one.report.revised),
                str(one.report.quarantined), one.message or "",
            )
            for one in outcomes
        ],
    )  # fmt: skip
