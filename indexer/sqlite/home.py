"""The folder of the index: which generation is read, which is being built, and who may write now.

A generation is one SQLite file that is replaced by another, never overwritten. `pointer.json` names the one that is
read; it is replaced in one step. Writers of all processes take turns under a lock, and see the pointer under it.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from domain.errors import Conflict, IndexUnavailable
from indexer.sqlite.schema import create, translated


@dataclass(frozen=True, slots=True)
class Pointer:
    """Names of generation files in the folder."""

    current: str
    building: str | None = None


@dataclass(frozen=True, slots=True)
class Home:
    """The folder. Cheap to make; holds nothing open."""

    folder: Path

    def prepare(self) -> None:
        """Make the folder and its first, empty generation where there is none."""
        with translated():
            if self.folder.exists() and not self.folder.is_dir():
                raise IndexUnavailable(f"{self.folder} bukan folder. Indeks memakai satu folder miliknya sendiri.")
            self.folder.mkdir(parents=True, exist_ok=True)
            with self.writing():
                if not self._pointer_file.exists():
                    self._point(Pointer(self.new_generation()))

    def pointer(self) -> Pointer:
        """Return which generations count now."""
        with translated():
            return Pointer(**json.loads(self._pointer_file.read_text()))

    def file(self, name: str) -> Path:
        """Return the path of a generation."""
        return self.folder / name

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the right to write; others wait. Ends with the process, however that ends."""
        with _locked(self.folder / "write.lock", wait=True):
            yield

    @contextmanager
    def building(self) -> Iterator[str]:
        """Build a generation beside the current one; it becomes the current one unless an error comes out.

        While it lasts, other writers write to both. Raises: Conflict when a rebuild runs already.
        """
        with _locked(self._rebuild_lock, wait=False):
            with self.writing():
                new = self.new_generation()
                self._point(Pointer(self.pointer().current, new))
            try:
                yield new
            except BaseException:
                with self.writing():
                    self._settle(self.pointer().current)
                raise
            with self.writing():
                self._settle(new)

    def targets(self) -> tuple[str, ...]:
        """Return the generations that a write must reach. Call it while writing."""
        pointer = self.pointer()
        if pointer.building is None or not self._rebuild_runs():
            return (pointer.current,)
        return (pointer.current, pointer.building)

    def replace_by_empty(self) -> None:
        """Forget everything in one step."""
        with self.writing():
            new, building = self.new_generation(), self.pointer().building
            self._point(Pointer(new, building))
            self._remove_all_but(new, building)

    def new_generation(self) -> str:
        """Make an empty generation and return its name."""
        name = f"posts-{secrets.token_hex(6)}.sqlite"
        create(self.file(name))
        return name

    @property
    def _pointer_file(self) -> Path:
        return self.folder / "pointer.json"

    @property
    def _rebuild_lock(self) -> Path:
        return self.folder / "rebuild.lock"

    def _rebuild_runs(self) -> bool:
        try:
            with _locked(self._rebuild_lock, wait=False):
                return False
        except Conflict:
            return True

    def _settle(self, current: str) -> None:
        self._point(Pointer(current))
        self._remove_all_but(current)

    def _point(self, pointer: Pointer) -> None:
        draft = self.folder / "pointer.json.new"
        with translated(), draft.open("w") as out:
            json.dump({"current": pointer.current, "building": pointer.building}, out)
            out.flush()
            os.fsync(out.fileno())
            draft.replace(self._pointer_file)

    def _remove_all_but(self, *kept: str | None) -> None:
        """Unlink other generations; whoever still reads one keeps its open file."""
        for file in self.folder.glob("posts-*.sqlite*"):
            if not any(name and file.name.startswith(name) for name in kept):
                file.unlink(missing_ok=True)


@contextmanager
def _locked(file: Path, *, wait: bool) -> Iterator[None]:
    with translated():
        held = file.open("a")
    with held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as cause:
            raise Conflict("Indeks sedang dibangun ulang oleh proses lain. Tunggu sampai selesai.") from cause
        yield
