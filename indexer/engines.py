"""Which engine an address means. An engine is loaded when it is chosen: a client's package takes its time."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from domain.errors import SettingsError
from domain.ports import PostIndex
from indexer.rebuild import Rebuildable


class Engine(PostIndex, Rebuildable, Protocol):
    """An engine with what operators ask of it."""

    def outdated(self) -> bool:
        """Say whether another version of this program made the index: it must be rebuilt."""
        ...


def open_engine(url: str | None, embedded: Path, *, kibana: bool = False, authority: Path | None = None) -> Engine:
    """Open the engine at an address: `http(s)://...` Elasticsearch, `sqlite:///folder`; None for the embedded one.

    With `kibana`, Elasticsearch holds what Kibana is shown, too; `authority` is the file its https is checked by.
    Raises: SettingsError for any other address, IndexUnavailable where the embedded one's folder cannot be used.
    """
    scheme = (url or "sqlite").partition(":")[0]
    if scheme in {"http", "https"}:
        from indexer.elasticsearch import open_index as open_elastic  # noqa: PLC0415  half a second

        return open_elastic(url or "", kibana=kibana, authority=authority)
    if scheme == "sqlite":
        from indexer.sqlite import open_index as open_sqlite  # noqa: PLC0415  as above

        return open_sqlite(Path(url.removeprefix("sqlite:///")) if url else embedded)
    raise SettingsError(
        f"JARING_SEARCH_URL menunjuk mesin yang tidak dikenal: {scheme}. "
        "Tulis http://… untuk Elasticsearch, atau kosongkan untuk mesin bawaan."
    )
