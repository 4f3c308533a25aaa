"""Writing: whole documents and tombstones, a batch in one transaction, an older rev never over a newer one."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from domain.documents import PostDocument
from domain.search import BulkItem, Tombstone
from domain.text.tokens import streams
from indexer.sqlite.codes import Codebook
from indexer.sqlite.layout import pack

KEPT_VERSIONS = 20_000  # writes that a reader may lag behind before it must load all columns anew
WRITTEN, STALE, POISON = "written", "stale", "poison"


class Writer:
    """Writes to one generation. Used by one thread at a time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.codebook = Codebook(connection)

    def write(self, items: Sequence[PostDocument | Tombstone]) -> list[BulkItem]:
        """Write a batch in one transaction and return each one's fate, in order."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            batch = _Batch(self, items)
            fates = [batch.take(x) for x in items]
            batch.flush()
            self.connection.execute("COMMIT")
        except BaseException:
            self.codebook.forget()
            self.connection.execute("ROLLBACK")
            raise
        return fates

    def copy_tombstones(self, rows: Sequence[tuple[str, int]]) -> None:
        """Take over the deletions of another generation."""
        self.connection.executemany("INSERT OR IGNORE INTO tombstones VALUES (?, ?)", rows)


@dataclass(slots=True)
class _Held:
    """What stands for an id: the newest rev, and the row where it is alive."""

    rev: int
    seq: int | None = None
    born: int | None = None


class _Batch:
    """One transaction's worth of writes, gathered and then written table by table."""

    def __init__(self, writer: Writer, items: Sequence[PostDocument | Tombstone]) -> None:
        self._writer = writer
        writer.codebook.learn()
        found = writer.connection.execute("SELECT version, last_seq FROM state").fetchone()
        self._version, self._seq = found[0] + 1, found[1]
        self._held = self._stored([x.id for x in items])
        self._docs: dict[int, tuple[object, ...]] = {}
        self._bodies: dict[int, tuple[int, str, str, bytes]] = {}
        self._removed: list[tuple[int]] = []
        self._tombs: dict[str, int] = {}
        self._raised: set[str] = set()

    def _stored(self, ids: list[str]) -> dict[str, _Held]:
        held: dict[str, _Held] = {}
        marks = ",".join("?" * len(ids))
        execute = self._writer.connection.execute
        for case, rev in execute(f"SELECT id, rev FROM tombstones WHERE id IN ({marks})", ids):  # noqa: S608  marks only
            held[case] = _Held(rev)
        for case, rev, seq, born in execute(
            f"SELECT id, rev, seq, born FROM docs WHERE id IN ({marks})",  # noqa: S608  marks only
            ids,
        ):
            held[case] = _Held(rev, seq, born)
        return held

    def take(self, item: PostDocument | Tombstone) -> BulkItem:
        """Add one write, unless a newer one stands."""
        held = self._held.get(item.id)
        if isinstance(item, Tombstone):
            if held is not None and item.rev < held.rev:
                return BulkItem(id=item.id, fate=STALE)
            self._remove(held)
            self._tombs[item.id] = item.rev
            self._held[item.id] = _Held(item.rev)
            return BulkItem(id=item.id, fate=WRITTEN)
        if held is not None and (item.rev < held.rev or (item.rev == held.rev and held.seq is None)):
            return BulkItem(id=item.id, fate=STALE)
        seq = self._seq + 1
        born = held.born if held is not None and held.born is not None else seq
        try:
            row = self._row(item, seq, born)
        except (ValueError, TypeError, OverflowError) as cause:  # half characters, numbers past 64 bits
            return BulkItem(id=item.id, fate=POISON, reason=f"Tidak dapat disimpan di indeks: {cause}")
        self._seq = seq
        self._remove(held)
        if held is not None and held.seq is None:
            self._raised.add(item.id)
            self._tombs.pop(item.id, None)
        self._docs[seq], self._bodies[seq] = row
        self._held[item.id] = _Held(item.rev, seq, born)
        return BulkItem(id=item.id, fate=WRITTEN)

    def _row(
        self, document: PostDocument, seq: int, born: int
    ) -> tuple[tuple[object, ...], tuple[int, str, str, bytes]]:
        exact, stem, length = streams(document.words)
        if not -(2**63) <= document.rev < 2**63:
            raise OverflowError("rev di luar batas")
        # Three times faster than pydantic's own, which asks each member of an enumeration for its value in Python.
        body = (seq, exact, stem, orjson.dumps(vars(document), default=vars))
        packed = pack(document, length=length, born=born, codes=self._writer.codebook.of(document))
        return (seq, document.id, document.rev, born, document.region, document.month, packed), body

    def _remove(self, held: _Held | None) -> None:
        if held is None or held.seq is None:
            return
        if held.seq in self._docs:  # written earlier in this very batch
            del self._docs[held.seq], self._bodies[held.seq]
        else:
            self._removed.append((held.seq,))

    def flush(self) -> None:
        """Write what was gathered."""
        many, execute = self._writer.connection.executemany, self._writer.connection.execute
        if self._removed:
            many(
                """INSERT INTO words(words, rowid, exact, stem)
                   SELECT 'delete', seq, exact, stem FROM bodies WHERE seq = ?""",
                self._removed,
            )
            many("DELETE FROM bodies WHERE seq = ?", self._removed)
            many("DELETE FROM docs WHERE seq = ?", self._removed)
            many("INSERT INTO gone VALUES (?, ?)", [(self._version, seq) for (seq,) in self._removed])
        many("DELETE FROM tombstones WHERE id = ?", [(x,) for x in self._raised])
        many("INSERT OR REPLACE INTO tombstones VALUES (?, ?)", list(self._tombs.items()))
        many("INSERT INTO docs VALUES (?, ?, ?, ?, ?, ?, ?)", list(self._docs.values()))
        many("INSERT INTO bodies VALUES (?, ?, ?, ?)", list(self._bodies.values()))
        many("INSERT INTO words(rowid, exact, stem) VALUES (?, ?, ?)", [x[:3] for x in self._bodies.values()])
        horizon = self._version - KEPT_VERSIONS
        if execute("DELETE FROM gone WHERE version <= ?", (horizon,)).rowcount:
            execute("UPDATE state SET forgotten = ?", (horizon,))
        execute("UPDATE state SET version = ?, last_seq = ?", (self._version, self._seq))
