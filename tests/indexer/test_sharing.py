"""One index, many threads and processes: readers see whole batches, writers take turns, a kill loses nothing."""

from __future__ import annotations

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from domain.search import SearchQuery
from indexer.sqlite import open_index
from indexer.worker import index_step
from tests.contracts.index.documents import EVERYWHERE, make_document

ROOT = Path(__file__).parents[2]
BATCH = 20

# Writes batches of documents in one story each, says so, and goes on until it is killed.
WRITER = f"""
import sys
from indexer.sqlite import open_index
from tests.contracts.index.documents import make_document
index = open_index(sys.argv[1])
start, number = int(sys.argv[2]), 0
while True:
    batch = [make_document(f"{{start}}-{{number}}-{{n}}", f"batch{{start}}x{{number}}") for n in range({BATCH})]
    index.upsert(batch)
    print(number, flush=True)
    number += 1
"""


def test_readers_see_whole_batches_while_another_thread_writes(tmp_path: Path) -> None:
    index = open_index(tmp_path / "index")
    upsert = index_step(index)
    done = Event()

    def write() -> None:
        try:
            for batch in range(30):
                upsert([make_document(f"{batch}-{n}", rev=batch + 1) for n in range(BATCH)])
                upsert([make_document(f"tetap-{n}", f"versi{batch}", rev=batch + 1) for n in range(BATCH)])
        finally:
            done.set()

    def read() -> int:
        rounds = 0
        while not done.is_set():
            page = index.search(SearchQuery(fold=False, size=200, facets=("topic",)), EVERYWHERE)
            assert page.total % BATCH == 0
            assert sum(x.count for x in page.facets["topic"]) == page.total
            assert len(page.items) == min(page.total, 200)
            standing = index.search(SearchQuery(q="versi*", fold=False, size=200), EVERYWHERE)
            assert standing.total in {0, BATCH}
            assert len({x.document.text for x in standing.items}) <= 1
            rounds += 1
        return rounds

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read) for _ in range(3)]
        pool.submit(write).result()
        assert all(reader.result() > 0 for reader in readers)
    assert index.search(SearchQuery(), EVERYWHERE).total == 31 * BATCH
    index.close()


@pytest.mark.slow
def test_a_killed_writer_loses_no_batch_it_was_told_of_and_leaves_no_half(tmp_path: Path) -> None:
    index = open_index(tmp_path / "index")
    index.upsert([make_document("dahulu")])
    for start in range(3):
        told = -1
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path / "index"), str(start)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        ) as writer:
            assert writer.stdout is not None
            for line in writer.stdout:
                told = int(line)
                if told == 5 + start:
                    break
            writer.send_signal(signal.SIGKILL)
            told = max([told, *(int(x) for x in writer.stdout.read().split())])
        for number in range(told + 2):
            total = index.search(SearchQuery(q=f"batch{start}x{number}"), EVERYWHERE).total
            assert total == BATCH or (total == 0 and number > told)
        assert [x.fate for x in index.upsert([make_document(f"sesudah-{start}")])] == ["written"]
    index.close()
