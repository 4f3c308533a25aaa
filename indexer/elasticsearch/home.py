"""The generations of indices in the cluster: `posts-<generation>-2026.11`, of which one is read, by an alias.

A new generation is built beside the one that is read, while writes reach both, and takes its place in one step.
Where Kibana is, a generation holds more than one family of indices, each with an alias of its own; see `families`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property

from elasticsearch import Elasticsearch

from domain.errors import Conflict, IndexUnavailable
from indexer.elasticsearch.connection import translated
from indexer.elasticsearch.counted import Remembered
from indexer.elasticsearch.families import Family, cases_of, generation_name, shown_of, shows, tickets_of
from indexer.elasticsearch.mapping import LIFECYCLE, REFRESH_WHILE_BUILDING, settings
from indexer.elasticsearch.snapshot import Latest
from indexer.elasticsearch.state import Made, State, StateBook, heard_at

SILENT_SECONDS = 120.0  # after which a builder that was not heard of is taken for dead
_HEARD_EVERY = 10.0
_ASIDE = 40  # threads, as many as the web server answers people with
_ABOVE_ALL = 100  # priority of the template of all generations; a generation's own stands above it


@dataclass
class Home:
    """Names, templates and the alias. Everything in the cluster is made when first needed."""

    client: Elasticsearch
    name: str
    clock: Callable[[], float] = time.time
    kibana: bool = False  # whether a generation that is made holds what Kibana is shown, too

    @property
    def alias(self) -> str:
        """What searches name: the indices of the generation that is read."""
        return f"{self.name}-read"

    @cached_property
    def book(self) -> StateBook:
        """Where the state stands. Its name matches no template of posts."""
        return StateBook(self.client, f"{self.name}_state")

    @cached_property
    def modules(self) -> Collection[str]:
        """What the nodes can do beyond the core: all of them."""
        with translated():
            nodes = self.client.nodes.info(filter_path="nodes.*.modules.name").body["nodes"].values()
        return frozenset.intersection(*(frozenset(x["name"] for x in node["modules"]) for node in nodes))

    @cached_property
    def latest(self) -> Latest:
        """The index as it is now."""
        return Latest(self.client, self.alias)

    @cached_property
    def counted(self) -> Remembered:
        """What was counted for searches that go on."""
        return Remembered()

    @cached_property
    def aside(self) -> Executor:
        """Who asks what a page can wait for, while the rest of it is made ready."""
        return ThreadPoolExecutor(_ASIDE, thread_name_prefix="jaring-search")

    def close(self) -> None:
        """Let go of the cluster."""
        if (asking := self.__dict__.get("aside")) is not None:
            asking.shutdown(cancel_futures=True)
        self.client.close()

    @cached_property
    def cases(self) -> Family:
        """What we search."""
        return cases_of(self.name)

    @cached_property
    def shown(self) -> Family:
        """What Kibana is shown of cases."""
        return shown_of(self.name)

    @cached_property
    def tickets(self) -> Family:
        """What Kibana is shown of tickets."""
        return tickets_of(self.name)

    def families(self, generation: str) -> tuple[Family, ...]:
        """Return the families of indices that a generation holds."""
        return (self.cases, self.shown, self.tickets) if shows(generation) else (self.cases,)

    def index_of(self, generation: str, month: str) -> str:
        """Return the index where a generation holds the cases of a month."""
        return self.cases.index_of(generation, month)

    def state(self) -> State:
        """Return the state, preparing an empty index where there is none. Raises: IndexUnavailable."""
        return self.book.read() or self._prepared()

    def usable_state(self) -> State:
        """Return the state. Raises: IndexUnavailable, too, where another version of this program made the index."""
        state = self.state()
        if not state.read.current:
            raise IndexUnavailable("Indeks ini dibuat oleh versi lain. Jalankan: jaring index migrate")
        return state

    def clear(self) -> None:
        """Delete the indices that are read, and those that nobody reads or builds."""
        building = self.state().building
        self._delete([x for x in self._all() if not building or not self._is_of(x, building.generation)])
        self.latest.forget()

    @contextmanager
    def building(self) -> Iterator[tuple[str, bool]]:
        """Build a generation; it is read from the end of the block on, unless an error leaves it.

        Yields its name, and whether it is one that a killed builder left. Raises: Conflict while another one builds.
        """
        self.state()
        new = Made(generation_name(kibana=self.kibana))
        state = self.book.change(lambda state: self._taken(state, new))
        assert state.building is not None  # noqa: S101  the step saw to it
        generation, resumed = state.building.generation, state.building != new
        self._put_template(generation, read=False)
        self._delete([x for x in self._all() if not any(self._is_of(x, kept) for kept in state.targets)])
        try:
            yield generation, resumed
        except BaseException:
            if generation not in self.book.change(lambda state: _abandoned(state, generation)).targets:
                self._drop(generation)
            raise
        self._switch(state.read.generation, state.building)

    def hear(self, since: float) -> float:
        """Tell the others that the builder lives, where it last did so at `since`. Returns when it last did."""
        now = self.clock()
        if now - since < _HEARD_EVERY:
            return since
        self.book.change(lambda state: heard_at(state, now))
        return now

    def _taken(self, state: State, new: Made) -> State:
        if state.building is None:
            return replace(state, building=new, heard=self.clock())
        if self.clock() - state.heard < SILENT_SECONDS:
            raise Conflict("Indeks sedang dibangun ulang oleh proses lain. Tunggu sampai selesai.")
        same = state.building.current and shows(state.building.generation) == self.kibana
        return replace(state, building=state.building if same else new, heard=self.clock())

    def _prepared(self) -> State:
        first = State(Made(generation_name(kibana=self.kibana)))
        generation = first.read.generation
        with translated():
            if "x-pack-ilm" in self.modules:
                self.client.ilm.put_lifecycle(name="jaring-posts", policy=LIFECYCLE)
            self.client.indices.put_index_template(
                name=self.name,
                index_patterns=[f"{self.name}-*"],
                priority=_ABOVE_ALL,
                template=self._template(self.cases),
            )
        self._put_template(generation, read=True)
        if not self.book.begin(first):
            self._drop(generation)
        return self.book.read() or first

    def _template(self, family: Family) -> dict[str, object]:
        return {"settings": family.settings(self.modules), "mappings": family.mappings(self.modules)}

    def _put_template(self, generation: str, *, read: bool) -> None:
        """Say what the indices of a generation look like; they are made by the first write to them."""
        for family in self.families(generation):
            template = self._template(family)
            if read:
                template |= {"aliases": {family.alias: family.seen}}
            else:
                plain = family.settings(self.modules)["index"]
                template |= {"settings": {"index": {**plain, "refresh_interval": REFRESH_WHILE_BUILDING}}}
            with translated():
                self.client.indices.put_index_template(
                    name=f"{family.base}-{generation}",
                    index_patterns=[f"{family.base}-{generation}-*"],
                    priority=_ABOVE_ALL + 1,
                    template=template,
                )

    def _switch(self, old: str, new: Made) -> None:
        """Read the new generation instead of the old one. Raises: Conflict when it was taken over and given up."""
        if new.generation not in self.state().targets:
            raise Conflict("Pembangunan indeks ini terlalu lama diam, dan proses lain menggantikannya.")
        indices = [f"{family.base}-{new.generation}-*" for family in self.families(new.generation)]
        with translated():
            self.client.indices.refresh(index=indices, ignore_unavailable=True)
            self._realias(new.generation)
            self._put_template(new.generation, read=True)
            self._realias(new.generation)  # an index that began between the two
            fresh = settings(self.modules)["index"]["refresh_interval"]
            self.client.indices.put_settings(
                index=indices, settings={"refresh_interval": fresh}, ignore_unavailable=True, allow_no_indices=True
            )
        self.book.change(lambda _: State(new))
        self.latest.forget()
        self._drop(old)

    def _realias(self, new: str) -> None:
        """Move the aliases in one step: no search sees both or none, and Kibana sees the same."""
        present = self._all()
        actions: list[dict[str, object]] = []
        for family in (self.cases, self.shown, self.tickets):
            answer = self.client.options(ignore_status=404).indices.get_alias(name=family.alias)
            held = set(answer.body) if answer.meta.status == 200 else set()  # noqa: PLR2004  HTTP: there is one
            wanted = {x for x in present if family.has(x, new)}
            actions += [{"add": {"index": x, "alias": family.alias, **family.seen}} for x in sorted(wanted - held)]
            actions += [{"remove": {"index": x, "alias": family.alias}} for x in sorted(held - wanted)]
        if actions:
            self.client.indices.update_aliases(actions=actions)

    def _drop(self, generation: str) -> None:
        for family in self.families(generation):
            with translated():
                self.client.options(ignore_status=404).indices.delete_index_template(name=f"{family.base}-{generation}")
        self._delete([x for x in self._all() if self._is_of(x, generation)])

    def _all(self) -> list[str]:
        """Return our indices. Others may bear names that begin alike, and are none of our business."""
        families = (self.cases, self.shown, self.tickets)
        with translated():
            found = self.client.indices.get(
                index=[f"{family.base}-*" for family in families], filter_path="*.settings.index.uuid"
            ).body
        return [x for x in found if any(family.owns(x) for family in families)]

    def _is_of(self, index: str, generation: str) -> bool:
        return any(family.has(index, generation) for family in (self.cases, self.shown, self.tickets))

    def _delete(self, indices: list[str]) -> None:
        if indices:
            with translated():  # by their names: clusters refuse to delete by pattern
                self.client.options(ignore_status=404).indices.delete(index=indices)


def _abandoned(state: State, generation: str) -> State:
    """Return the state without a half-built generation, unless somebody took it over and finished it."""
    mine = state.building is not None and state.building.generation == generation
    return replace(state, building=None) if mine else state
