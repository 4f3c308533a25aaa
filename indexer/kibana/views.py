"""The data views, and what their fields are called in Indonesian."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from indexer.elasticsearch.families import shown_of, tickets_of
from indexer.elasticsearch.shown import shown_mappings
from indexer.elasticsearch.tickets import TICKET_MAPPINGS
from indexer.kibana.panels import Index, View

CASES = View("kiriman", "Kiriman menurut saat terbit", Index.CASES, "@timestamp")
ARRIVALS = View("kiriman-masuk", "Kiriman menurut saat masuk", Index.CASES, "ingested_at")
TICKETS = View("tiket", "Tiket menurut saat dibuka", Index.TICKETS, "@timestamp")
VIEWS = (CASES, ARRIVALS, TICKETS)

LABELS: dict[Index, dict[str, str]] = {
    Index.CASES: {
        "@timestamp": "Terbit", "ingested_at": "Masuk", "late_hours": "Jam dari terbit sampai masuk",
        "date_trust": "Kepastian tanggal", "source": "Sumber", "channel": "Saluran", "language": "Bahasa",
        "intent": "Maksud", "topic": "Topik", "topic_main": "Bidang", "urusan": "Urusan", "sentiment": "Nada",
        "urgency": "Urgensi", "authority": "Kewenangan", "opd": "OPD", "kecamatan_name": "Kecamatan",
        "place": "Tempat", "state": "Keadaan", "story": "Cerita", "ticket": "Tiket", "text": "Isi", "title": "Judul",
        "region": "Wilayah",
    },
    Index.TICKETS: {
        "@timestamp": "Dibuka", "code": "Kode", "state": "Keadaan", "opd": "OPD", "topic": "Topik",
        "topic_main": "Bidang", "urgency": "Urgensi", "kecamatan_name": "Kecamatan", "place": "Tempat",
        "open": "Terbuka", "cases": "Kiriman di dalamnya", "clock_at": "Tenggat yang berjalan",
        "clock_kind": "Jenis tenggat", "hours_to_dispose": "Jam sampai didisposisikan",
        "hours_to_answer": "Jam sampai dijawab", "hours_to_done": "Jam sampai selesai",
        "answered_in_time": "Dijawab tepat waktu", "done_in_time": "Selesai tepat waktu", "region": "Wilayah",
        "origin": "Asal",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Aliases:
    """What the data views read, and all that a reader of Kibana may."""

    cases: str
    tickets: str

    @classmethod
    def of(cls, name: str) -> Aliases:
        """Return the aliases where the indices begin with a name."""
        return cls(shown_of(name).alias, tickets_of(name).alias)

    def __getitem__(self, index: Index) -> str:
        """Return the alias of an index."""
        return self.cases if index is Index.CASES else self.tickets


def label(index: Index, field: str) -> str:
    """Return what a field is called; its own name where nobody named it."""
    return LABELS[index].get(field, field)


def field_types(index: Index) -> dict[str, str]:
    """Return the type of each field that an index is told of, by its dotted name."""
    properties = (shown_mappings(()) if index is Index.CASES else TICKET_MAPPINGS)["properties"]
    return dict(_typed("", properties))


def _typed(prefix: str, properties: dict[str, Any]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, told in properties.items():
        inner = told.get("properties")
        found += _typed(f"{prefix}{name}.", inner) if inner else [(prefix + name, told["type"])]
    return found
