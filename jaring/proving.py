"""A source is proven before it is saved: looked at, told what kind it is, and asked for a few posts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from crawlers.detection import Look, detect, owned, same_source, site_title, source_key
from crawlers.discovery import channel_name
from crawlers.kinds import CrawlJob, CrawlNotes, Evidence, SourceKind, load_kinds
from crawlers.running import Crawling
from domain.errors import Conflict, Refused
from domain.ports import SourceMemory, SourceSpec
from domain.posts import Incoming, IntakeReport
from domain.sourcekeys import key_name, refuse_password
from domain.text.mask import mask
from jaring.crawling import agent
from jaring.wiring import Hall

Options = tuple[tuple[str, str], ...]
PROOF = 5  # posts shown before a source is saved
SHOWN = 200  # code points of a post in a proof
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
        self.kinds = load_kinds()
        self._inside = inside

    def prove(  # noqa: PLR0913  what a new source may say of itself
        self,
        url: str,
        *,
        region: str,
        kind: str | None = None,
        name: str | None = None,
        by: str,
        options: Options = (),
    ) -> Proof:
        """Look at an address, find its kind, fetch a few posts. Refused in one sentence when it gives none.

        A source that is there already is proven again under its own key; Conflict when it is another region's.
        One that costs money is asked for nothing and comes switched off.
        """
        found, address, evidence = self._look_at(url, kind)
        self._must_know(found, options)
        specs = self._hall.store.sources.specs()
        wanted = SourceSpec("", name or "", found, address, (region,), added_by=by, options=options)
        same = next((spec for spec in specs if _same(self.kinds, wanted, spec, evidence)), None)
        if same is not None and region not in same.regions:
            raise Conflict(f"Alamat ini sudah menjadi sumber {same.key} untuk {', '.join(same.regions)}.")
        platform = None if evidence else found
        key = same.key if same else source_key(address, frozenset(spec.key for spec in specs), platform=platform)
        called = name or (site_title(evidence) if evidence else channel_name(address)) or key
        return self.attempt(same or replace(wanted, key=key, name=called))

    def prove_move(self, spec: SourceSpec, url: str) -> Proof:
        """Prove another address of a source. Conflict when it is the one it has, or another source's."""
        found, address, evidence = self._look_at(url, None)
        moved = replace(spec, url=address, kind=found)
        if self._is_paid(found) != self._is_paid(spec.kind):  # the yes to a price is not carried over, nor made up
            raise Refused("Alamat gratis dan alamat berbayar tidak saling menggantikan: tambahkan sebagai sumber baru.")
        for other in self._hall.store.sources.specs():
            if _same(self.kinds, moved, other, evidence):
                raise Conflict(
                    "Alamat itu sudah dipakai sumber ini."
                    if other.key == spec.key
                    else f"Alamat itu sudah menjadi sumber {other.key}."
                )
        return self.attempt(moved)

    def look(self, address: str) -> Evidence:
        """What a site shows. Refused when it does not answer."""
        look = Look()
        notes = self._crawl({"look": look.as_kind()}, _Shown(), SourceSpec("look", "", "look", address, ()))
        if look.evidence is None:
            raise Refused(f"Sumber tidak dapat dibaca: {notes.failed or notes.blocked or address}")
        return look.evidence

    def attempt(self, spec: SourceSpec) -> Proof:
        """A few posts of a source. Refused in one sentence when it gives none, or when its key is not there."""
        facts = self.kinds[spec.kind].facts
        if facts.paid:
            return Proof(replace(spec, enabled=False), ())
        shown = _Shown()
        notes = self._crawl(self.kinds, shown, spec)
        if said := notes.refused or notes.failed or notes.blocked:
            raise Refused(f"Sumber tidak dapat dibaca: {said}")
        if not shown.posts:
            why = shown.faults[0] if shown.faults else notes.trouble
            raise Refused(f"Tidak ada kiriman yang dapat dibaca dari {spec.url}{f' ({why})' if why else ''}.")
        return Proof(spec, tuple(shown.posts[:PROOF]))

    def _look_at(self, url: str, kind: str | None) -> tuple[str, str, Evidence | None]:
        """The kind of an address, where to crawl it, and what was seen there; a kind that is given is believed.

        Nothing is looked at where the address alone shows its platform. Refused when it does not answer, or no kind
        knows it, or a password stands in it.
        """
        refuse_password(url)
        if kind is not None and kind not in self.kinds:
            raise Refused(f"Jenis {kind} tidak dikenal; yang ada: {', '.join(self.kinds)}.")
        address = url.strip() if "://" in url else f"https://{url.strip()}"
        by_address = owned({kind: self.kinds[kind]} if kind else self.kinds, address)
        if by_address is not None:
            return *by_address, None
        if not ADDRESS.fullmatch(address):
            raise Refused(f"{url or '(kosong)'} bukan alamat situs; tulis seperti https://situs.example.")
        evidence = self.look(address)
        if kind is not None:
            return kind, self.kinds[kind].detect(evidence) or address, evidence
        found = detect(self.kinds, evidence)
        if found is None:
            raise Refused(
                f"{address} bukan umpan, WordPress, situs berpeta, atau kanal yang dikenal; tunjuk umpannya, "
                f"atau sebut --kind {'|'.join(self.kinds)}."
            )
        return *found, evidence

    def _must_know(self, kind: str, options: Options) -> None:
        """Refused for a setting that the kind does not have."""
        known = dict(self.kinds[kind].options)
        if unknown := [name for name, _ in options if name not in known]:
            there = ", ".join(known) or "tidak ada"
            raise Refused(f"Setelan {unknown[0]} tidak ada pada sumber {kind}; yang ada: {there}.")

    def _crawl(self, kinds: dict[str, SourceKind], sink: _Shown, spec: SourceSpec) -> CrawlNotes:
        memory, now = SourceMemory(key=spec.key), datetime.now(UTC)
        job = CrawlJob(spec, memory, now, limit=PROOF, inside=self._inside)
        if spec.kind in self.kinds:
            job = self._opened(job)
        store = self._hall.store
        return Crawling(kinds, sink, store.sources, agent(self._hall), turns=store.turns).prove(job)

    def _is_paid(self, kind: str) -> bool:
        return kind in self.kinds and self.kinds[kind].facts.paid

    def _opened(self, job: CrawlJob) -> CrawlJob:
        """With the key that its kind asks for. Refused, with how to give it, when that is not there."""
        facts = self.kinds[job.spec.kind].facts
        name = key_name(job.spec, facts)
        if name and self.kinds[job.spec.kind].host is None and not self._inside:
            raise Refused(f"Kunci “{name}” dikirim ke alamat itu sendiri: hanya admin yang menunjuknya.")
        credential = self._hall.store.credentials.open(name) if name else None
        if name and facts.need and credential is None:
            raise Refused(
                f"Sumber {facts.title} butuh {facts.need.what}: simpan sebagai “{name}” di halaman Sumber, "
                f"atau dengan `jaring sources key set {name}`, lalu ulangi."
            )
        root = self._hall.settings.api_roots.get(job.spec.kind)
        return replace(job, root=root, credential=credential, purse=self._hall.store.purse)


def shown_posts(posts: Sequence[Incoming]) -> list[dict[str, str | None]]:
    """Posts of a proof as pages show them. They were never stored, so personal data in them is masked here."""
    return [
        {
            "title": mask(" ".join((post.title or post.text).split())).text[:SHOWN],
            "url": post.url,
            "published_at": post.published_at.isoformat() if post.published_at else None,
        }
        for post in posts
    ]


def _same(kinds: dict[str, SourceKind], spec: SourceSpec, other: SourceSpec, evidence: Evidence | None) -> bool:
    """Whether two sources are one: by what was seen at the site, or by address where nothing was looked at."""
    if evidence is not None:
        return same_source(kinds, spec, other, evidence)
    return spec.kind == other.kind and spec.url == other.url
