"""A source is proven before it is saved: looked at, told what kind it is, and asked for a few posts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from crawlers.detection import Look, detect, same_source, site_title, source_key
from crawlers.kinds import CrawlJob, CrawlNotes, Evidence, SourceKind, load_kinds
from crawlers.running import Crawling
from domain.errors import Conflict, Refused
from domain.ports import SourceMemory, SourceSpec
from domain.posts import Incoming, IntakeReport
from jaring.crawling import agent
from jaring.wiring import Hall

PROOF = 5  # posts shown before a source is saved
ADDRESS = re.compile(r"https?://[^\s/?#]+[^\s]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Proof:
    """A source that was looked at and answered, and the first posts it gave."""

    spec: SourceSpec
    posts: tuple[Incoming, ...]


class _Shown:
    """A PostSink that keeps the posts of a proof in memory."""

    def __init__(self) -> None:
        self.posts: list[Incoming] = []
        self.faults: list[str] = []

    def accept(self, posts: Sequence[Incoming]) -> IntakeReport:
        self.posts += posts
        return IntakeReport(added=len(posts))

    def set_aside(self, *, belt: str, key: str, reason: str, payload: str) -> None:  # noqa: ARG002  the port's names
        self.faults.append(reason)

    def withdraw(self, post_ids: Sequence[str], at: datetime) -> int:  # noqa: ARG002  nothing of a proof is stored
        return 0


class Prover:
    """Proves addresses with this installation's manners and name. Stores nothing."""

    def __init__(self, hall: Hall, *, inside: bool = True) -> None:
        """`inside`: whether an address may lie in a private network."""
        self._hall = hall
        self._kinds = load_kinds()
        self._inside = inside

    def prove(self, url: str, *, region: str, kind: str | None = None, name: str | None = None, by: str) -> Proof:
        """Look at an address, find its kind, fetch a few posts. Refused in one sentence when it gives none.

        A source that is there already is proven again under its own key; Conflict when it is another region's.
        """
        found, address, evidence = self._look_at(url, kind)
        specs = self._hall.store.sources.specs()
        wanted = SourceSpec("", name or "", found, address, (region,), added_by=by)
        same = next((spec for spec in specs if same_source(self._kinds, wanted, spec, evidence)), None)
        if same is not None and region not in same.regions:
            raise Conflict(f"Alamat ini sudah menjadi sumber {same.key} untuk {', '.join(same.regions)}.")
        key = same.key if same else source_key(address, frozenset(spec.key for spec in specs))
        return self._try(same or replace(wanted, key=key, name=name or site_title(evidence) or key))

    def prove_move(self, spec: SourceSpec, url: str) -> Proof:
        """Prove another address of a source. Conflict when it is the one it has, or another source's."""
        found, address, evidence = self._look_at(url, None)
        moved = replace(spec, url=address, kind=found)
        for other in self._hall.store.sources.specs():
            if same_source(self._kinds, moved, other, evidence):
                raise Conflict(
                    "Alamat itu sudah dipakai sumber ini."
                    if other.key == spec.key
                    else f"Alamat itu sudah menjadi sumber {other.key}."
                )
        return self._try(moved)

    def _look_at(self, url: str, kind: str | None) -> tuple[str, str, Evidence]:
        """The kind of an address, where to crawl it, and what was seen there; a kind that is given is believed.

        Refused when it does not answer, or no kind knows it.
        """
        if kind is not None and kind not in self._kinds:
            raise Refused(f"Jenis {kind} tidak dikenal; yang ada: {', '.join(self._kinds)}.")
        address = url.strip() if "://" in url else f"https://{url.strip()}"
        if not ADDRESS.fullmatch(address):
            raise Refused(f"{url or '(kosong)'} bukan alamat situs; tulis seperti https://situs.example.")
        look = Look()
        spec = SourceSpec(key="look", name="", kind="look", url=address, regions=())
        notes = self._crawl({"look": look.as_kind()}, _Shown(), spec)
        evidence = look.evidence
        if evidence is None:
            raise Refused(f"Sumber tidak dapat dibaca: {notes.failed or notes.blocked or address}")
        if kind is not None:
            return kind, self._kinds[kind].detect(evidence) or address, evidence
        found = detect(self._kinds, evidence)
        if found is None:
            raise Refused(
                f"{address} bukan umpan, WordPress, atau situs berpeta; tunjuk umpannya, "
                f"atau sebut --kind {'|'.join(self._kinds)}."
            )
        return *found, evidence

    def _try(self, spec: SourceSpec) -> Proof:
        shown = _Shown()
        notes = self._crawl(self._kinds, shown, spec)
        if notes.failed or notes.blocked:
            raise Refused(f"Sumber tidak dapat dibaca: {notes.failed or notes.blocked}")
        if not shown.posts:
            why = f" ({shown.faults[0]})" if shown.faults else ""
            raise Refused(f"Tidak ada kiriman yang dapat dibaca dari {spec.url}{why}.")
        return Proof(spec, tuple(shown.posts[:PROOF]))

    def _crawl(self, kinds: dict[str, SourceKind], sink: _Shown, spec: SourceSpec) -> CrawlNotes:
        memory, now = SourceMemory(key=spec.key), datetime.now(UTC)
        job = CrawlJob(spec, memory, now, limit=PROOF, inside=self._inside)
        return Crawling(kinds, sink, self._hall.store.sources, agent(self._hall)).prove(job)
