"""Which generation of indices is read and which is being built: one small document, changed only as it was read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from elasticsearch import ConflictError, Elasticsearch, NotFoundError

from domain.errors import IndexUnavailable
from domain.text.tokens import NORM_VERSION
from indexer.elasticsearch.connection import translated
from indexer.elasticsearch.mapping import MAPPING_VERSION

_ID = "state"
_TRIES = 20  # of a change, when others change it at the same moment


@dataclass(frozen=True, slots=True)
class Made:
    """A generation of indices and what it was made with."""

    generation: str
    mapping_version: int = MAPPING_VERSION
    norm_version: int = NORM_VERSION

    @property
    def current(self) -> bool:
        """Whether this program would make it alike."""
        return (self.mapping_version, self.norm_version) == (MAPPING_VERSION, NORM_VERSION)


@dataclass(frozen=True, slots=True)
class State:
    """`heard` is when the builder was last heard of, in seconds since 1970."""

    read: Made
    building: Made | None = None
    heard: float = 0.0

    @property
    def targets(self) -> tuple[str, ...]:
        """The generations that a write must reach."""
        return (self.read.generation, *([self.building.generation] if self.building else []))


@dataclass(frozen=True, slots=True)
class StateBook:
    """The document, in an index of its own."""

    client: Elasticsearch
    index: str

    def read(self) -> State | None:
        """Return the state, None where nothing was prepared yet."""
        found = self._found()
        return found[0] if found else None

    def begin(self, state: State) -> bool:
        """Write the first state; False when somebody else did."""
        with translated():
            self.client.options(ignore_status=400).indices.create(  # 400: it is there
                index=self.index,
                settings={"number_of_shards": 1, "auto_expand_replicas": "0-1"},
                mappings={"enabled": False},
            )
            try:
                self.client.create(index=self.index, id=_ID, document=asdict(state))
            except ConflictError:
                return False
        return True

    def change(self, step: Callable[[State], State]) -> State:
        """Apply a step to the state as it is, again when another change came between; what `step` raises goes out."""
        for _ in range(_TRIES):
            found = self._found()
            if found is None:
                raise IndexUnavailable("Keadaan indeks hilang dari Elasticsearch. Jalankan: jaring index rebuild")
            state, seq_no, term = found
            changed = step(state)
            if changed == state:
                return state
            with translated():
                try:
                    self.client.index(
                        index=self.index, id=_ID, document=asdict(changed), if_seq_no=seq_no, if_primary_term=term
                    )
                except ConflictError:
                    continue
            return changed
        raise IndexUnavailable("Keadaan indeks terus berubah. Coba lagi.")

    def _found(self) -> tuple[State, int, int] | None:
        with translated():
            try:
                answer = self.client.get(index=self.index, id=_ID).body
            except NotFoundError:
                return None
        return _state_of(answer["_source"]), answer["_seq_no"], answer["_primary_term"]


def heard_at(state: State, moment: float) -> State:
    """Return the state with the builder heard of at a moment."""
    return replace(state, heard=moment)


def _state_of(source: dict[str, Any]) -> State:
    building = source["building"]
    return State(Made(**source["read"]), Made(**building) if building else None, source["heard"])
