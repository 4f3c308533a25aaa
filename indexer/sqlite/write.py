"""Writing: whole documents and tombstones, a batch in one transaction, an older rev never over a newer one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import orjson

from domain.documents import PostDocument
from domain.search import BulkItem, Tombstone
from domain.text.tokens import streams
from indexer.sqlite.codes import Codebook
from indexer.sqlite.layout import pack

KEPT_VERSIONS = 20_000  # writes that a reader may lag behind before it must load all columns anew
LEAST_PART = 100  # items: a thread for fewer costs more than it hides
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
            fates = self._parts(items)
            self.connection.execute("COMMIT")
        except BaseException:
            self.codebook.forget()
            self.connection.execute("ROLLBACK")
            raise
        return fates

    def copy_tombstones(self, rows: Sequence[tuple[str, int]]) -> None:
        """Take over the deletions of another generation."""
        self.connection.executemany("INSERT OR IGNORE INTO tombstones VALUES (?, ?)", rows)

    def _parts(self, items: Sequence[PostDocument | Tombstone]) -> list[BulkItem]:
        """Prepare each part of a batch while a thread, ended here, hands the words of the one before it to FTS5."""
        batch = _Batch(self, items)
        first, *others = _halved(items)
        fates = [batch.take(x) for x in first]
        for part in others:
            last_seq = batch.flush()
            with ThreadPoolExecutor(1, "words") as beside:  # a new thread begins at once, a waiting one when it may
                words = beside.submit(self._index_words, last_seq)
                fates += [batch.take(x) for x in part]
            words.result()
        self._index_words(batch.flush())
        batch.close()
        return fates

    def _index_words(self, after: int) -> None:
        """Hand the words of all rows after one to FTS5: in a single step, during which other threads run."""
        self.connection.execute(
            "INSERT INTO words(rowid, exact, stem) SELECT seq, exact, stem FROM bodies WHERE seq > ?", (after,)
        )


@dataclass(slots=True)
class _Held:
    """What stands for an id: the newest rev, and the row where it is alive."""

    rev: int
    seq: int | None = None
    born: int | None = None
    placed: bool = False  # it has a vector


class _Batch:
    """One transaction's worth of writes, gathered and then written table by table."""

    def __init__(self, writer: Writer, items: Sequence[PostDocument | Tombstone]) -> None:
        self._writer = writer
        writer.codebook.learn()
        found = writer.connection.execute("SELECT version, last_seq FROM state").fetchone()
        self._version, self._seq = found[0] + 1, found[1]
        self._flushed: int = self._seq
        self._held = self._stored(items)
        self._docs: dict[int, tuple[object, ...]] = {}
        self._bodies: dict[int, tuple[int, str, str, bytes]] = {}
        self._vectors: dict[int, tuple[int, str, float, bytes]] = {}
        self._removed: list[tuple[int]] = []
        self._tombs: dict[str, int] = {}
        self._raised: set[str] = set()

    def _stored(self, items: Sequence[PostDocument | Tombstone]) -> dict[str, _Held]:
        held: dict[str, _Held] = {}
        months: dict[str, list[str]] = {}
        for item in items:
            months.setdefault(item.month, []).append(item.id)
        execute = self._writer.connection.execute
        for month, ids in months.items():
            marks = ",".join("?" * len(ids))
            buried = execute(f"SELECT id, rev FROM tombstones WHERE id IN ({marks})", ids)  # noqa: S608  marks only
            held.update((case, _Held(rev)) for case, rev in buried)
            living = execute(
                f"""SELECT id, rev, docs.seq, born, vectors.seq IS NOT NULL FROM docs LEFT JOIN vectors
                    ON vectors.seq = docs.seq WHERE month = ? AND id IN ({marks})""",  # noqa: S608  marks only
                (month, *ids),
            )
            held.update((case, _Held(rev, seq, born, bool(placed))) for case, rev, seq, born, placed in living)
        return held

    def take(self, item: PostDocument | Tombstone) -> BulkItem:
        """Add one write, unless a newer one stands. Asks nothing of the connection."""
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
        if held is not None and item.rev == held.rev and held.placed and item.vector is None:
            return BulkItem(id=item.id, fate=STALE)  # as it was before its words were encoded
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
        if (vector := item.vector) is not None:
            self._vectors[seq] = (seq, vector.model, vector.scale, vector.steps)
        self._held[item.id] = _Held(item.rev, seq, born, vector is not None)
        return BulkItem(id=item.id, fate=WRITTEN)

    def _row(
        self, document: PostDocument, seq: int, born: int
    ) -> tuple[tuple[object, ...], tuple[int, str, str, bytes]]:
        exact, stem, length = streams(document.words)
        if not -(2**63) <= document.rev < 2**63:
            raise OverflowError("rev di luar batas")
        # Three times faster than pydantic's own, which asks each member of an enumeration for its value in Python.
        # First of all that may fail: what passes it can be written as text, and as a coded one too.
        body = (seq, exact, stem, orjson.dumps({**vars(document), "vector": None, "addresses": ()}, default=vars))
        packed = pack(document, length=length, born=born, codes=self._writer.codebook.of(document))
        return (seq, document.id, document.rev, born, document.region, document.month, packed), body

    def _remove(self, held: _Held | None) -> None:
        if held is None or held.seq is None:
            return
        if held.seq in self._docs:  # written earlier in this very part
            del self._docs[held.seq], self._bodies[held.seq]
            self._vectors.pop(held.seq, None)
        else:
            self._removed.append((held.seq,))

    def flush(self) -> int:
        """Write the rows that were gathered and return the seq after which their words must still be indexed."""
        many, before = self._writer.connection.executemany, self._flushed
        if self._removed:
            many(
                """INSERT INTO words(words, rowid, exact, stem)
                   SELECT 'delete', seq, exact, stem FROM bodies WHERE seq = ?""",
                self._removed,
            )
            many("DELETE FROM bodies WHERE seq = ?", self._removed)
            many("DELETE FROM vectors WHERE seq = ?", self._removed)
            many("DELETE FROM docs WHERE seq = ?", self._removed)
            many("INSERT INTO gone VALUES (?, ?)", [(self._version, seq) for (seq,) in self._removed])
        many("INSERT INTO docs VALUES (?, ?, ?, ?, ?, ?, ?)", list(self._docs.values()))
        many("INSERT INTO bodies VALUES (?, ?, ?, ?)", list(self._bodies.values()))
        many("INSERT INTO vectors VALUES (?, ?, ?, ?)", list(self._vectors.values()))
        self._docs, self._bodies, self._vectors, self._removed, self._flushed = {}, {}, {}, [], self._seq
        return before

    def close(self) -> None:
        """Write what stands once for the whole batch: tombstones, the numbers of new texts, the version."""
        many, execute = self._writer.connection.executemany, self._writer.connection.execute
        many("DELETE FROM tombstones WHERE id = ?", [(x,) for x in self._raised])
        many("INSERT OR REPLACE INTO tombstones VALUES (?, ?)", list(self._tombs.items()))
        self._writer.codebook.keep()
        horizon = self._version - KEPT_VERSIONS
        if execute("DELETE FROM gone WHERE version <= ?", (horizon,)).rowcount:
            execute("UPDATE state SET forgotten = ?", (horizon,))
        execute("UPDATE state SET version = ?, last_seq = ?", (self._version, self._seq))


def _halved(items: Sequence[PostDocument | Tombstone]) -> Iterator[Sequence[PostDocument | Tombstone]]:
    """Cut a batch in parts, each half of what is left: nothing hides the words of the last, so it is small."""
    while len(items) > 2 * LEAST_PART:
        half = len(items) // 2
        yield items[:half]
        items = items[half:]
    yield items
