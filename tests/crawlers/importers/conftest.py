"""An import as a test makes one: words in, a file, a map, and what the sink got."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from crawlers.importers.chat_heads import Order
from crawlers.importers.chat_names import Discretion
from crawlers.importers.mapping import load_map
from crawlers.importers.run import ImportReport, import_file
from domain.posts import Incoming
from tests.contracts.sources.ports import MemorySink

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


@dataclass
class Desk:
    """Imports files of one folder into one sink."""

    folder: Path
    sink: MemorySink = field(default_factory=MemorySink)

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def map(self, table: str) -> str:
        return str(self.write("peta.toml", table))

    def take(
        self, file: Path, column_map: str = "umum", *, source: str | None = None, order: Order | None = None
    ) -> ImportReport:
        return import_file(
            file,
            load_map(column_map),
            self.sink,
            region="lombok-barat",
            zone="Asia/Makassar",
            quarantine=self.folder / "quarantine",
            now=NOW,
            discretion=Discretion(mark=keyed, spare=frozenset({"gerung", "labuapi"})),
            order=order,
            source=source,
        )

    def posts(self) -> list[Incoming]:
        return list(self.sink.posts.values())

    @staticmethod
    def aside(report: ImportReport) -> list[dict[str, object]]:
        assert report.quarantine is not None
        return [orjson.loads(line) for line in report.quarantine.read_bytes().splitlines()]


def keyed(words: str) -> str:
    """A hash under a key, as an installation makes one."""
    return hmac.new(b"uji", words.encode(), "sha256").hexdigest()[:32]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)
