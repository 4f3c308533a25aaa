"""One import: rows stream from the file through the map into the sink, in batches."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from crawlers.importers.chat_heads import Order
from crawlers.importers.chat_names import Discretion
from crawlers.importers.files import open_rows
from crawlers.importers.mapping import ColumnMap, bind
from crawlers.importers.posts import Import, post_of
from crawlers.importers.quarantine import QuarantineFile
from crawlers.importers.rows import BadRow, RowFile
from domain.errors import PostQuarantined, Refused
from domain.ports import PostSink
from domain.posts import Incoming, IntakeReport

BATCH = 500  # posts in one transaction of the sink: large enough to write fast, small enough to lose little

SOURCE_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")

Progress = Callable[[int, int], None]  # how much is done, of how much


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import came to. `read` counts rows; the four after it add up to it.

    `skipped` is what beside them held no words of anybody: lines of the program and pictures in a chat.
    """

    read: int
    added: int
    revised: int
    unchanged: int
    quarantined: int
    quarantine: Path | None
    skipped: int = 0

    def as_dict(self) -> dict[str, object]:
        """As `jaring import --json` answers."""
        return {
            "read": self.read, "added": self.added, "revised": self.revised, "unchanged": self.unchanged,
            "quarantined": self.quarantined, "quarantine": str(self.quarantine) if self.quarantine else None,
            "skipped": self.skipped,
        }  # fmt: skip


def import_file(  # noqa: PLR0913  everything an import depends on comes in by the door
    path: Path,
    column_map: ColumnMap,
    sink: PostSink,
    *,
    region: str,
    zone: str,
    quarantine: Path,
    now: datetime,
    discretion: Discretion,
    order: Order | None = None,
    source: str | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Import a file. Rows that make no post go to a file in the folder `quarantine`; the rest goes in.

    Refused, before anything is written, when the file or the map cannot be used.
    """
    if source is not None and not SOURCE_KEY.fullmatch(source):
        raise Refused(f"Kunci sumber {source} tidak dapat dipakai: huruf kecil, angka, dan tanda hubung saja.")
    today = now.astimezone(ZoneInfo(zone)).date()
    file = open_rows(path, column_map, discretion=discretion, today=today, order=order)
    try:
        batch = Import(
            bound=bind(column_map, file.header),
            source=source or column_map.source.replace("{region}", region),
            region=region,
            zone=zone,
            fetched_at=now,
        )
        aside = QuarantineFile(quarantine, source=batch.source, file=path)
        report = IntakeReport()
        try:
            for posts in _batches(_posts(file, batch, aside)):
                report += sink.accept(posts)
                if progress:
                    progress(file.done(), file.size)
        finally:
            kept = aside.close()
    finally:
        file.close()
    quarantined = aside.count + report.quarantined
    return ImportReport(
        read=aside.count + report.added + report.revised + report.unchanged + report.quarantined,
        added=report.added,
        revised=report.revised,
        unchanged=report.unchanged,
        quarantined=quarantined,
        quarantine=kept,
        skipped=file.skipped,
    )


def _posts(file: RowFile, batch: Import, aside: QuarantineFile) -> Iterator[Incoming]:
    for row in file.rows():
        if isinstance(row, BadRow):
            aside.add(row, row.reason, batch.bound)
            continue
        try:
            yield post_of(row, batch)
        except PostQuarantined as reason:
            aside.add(row, str(reason), batch.bound)


def _batches(posts: Iterator[Incoming]) -> Iterator[list[Incoming]]:
    batch: list[Incoming] = []
    for post in posts:
        batch.append(post)
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
