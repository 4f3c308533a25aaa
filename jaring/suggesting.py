"""Looks for doors that a region does not have yet: asks sites politely, tries what they lead to, adds nothing."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from crawlers.canonical import canonical_url, host_of
from crawlers.detection import owned, same_source
from crawlers.discovery import Lead, home_of, is_platform, leads_of, neighbours, official_domain
from crawlers.kinds import Evidence
from domain.errors import NotFound, Refused
from domain.ports import SourceSpec
from domain.regions import Agency, RegionProfile
from jaring.proving import Prover, shown_posts
from jaring.wiring import Hall
from store.finds import Found

MOST_SITES = 30  # looked at in one search: one search is half a minute of each site's patience
MOST_LEADS = 40  # tried in one search
FROM_POSTS = 10  # sites that posts point at
OFTEN = 3  # posts that must point at a site before it is looked at
AT_ONCE = 4  # sites asked side by side, each politely


@dataclass(frozen=True, slots=True)
class _Site:
    """A site to look at, and whose it is."""

    url: str
    about: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a search came to. `new` are finds that were not known before."""

    looked: int
    silent: int  # sites that did not answer
    tried: int
    found: tuple[Found, ...]
    new: int

    def as_dict(self) -> dict[str, Any]:
        """As an errand keeps it."""
        return {
            "looked": self.looked, "silent": self.silent, "tried": self.tried,
            "found": len(self.found), "new": self.new,
        }  # fmt: skip


class Suggester:
    """Searches for one region. `stop` ends a search early; what it found by then is kept."""

    def __init__(self, hall: Hall, *, inside: bool = True, stop: threading.Event | None = None) -> None:
        self._hall = hall
        self._prover = Prover(hall, inside=inside)
        self._stop = stop or threading.Event()

    def search(self, profile: RegionProfile, tell: Callable[[], None] = lambda: None) -> Suggestion:
        """Look, try, and keep what answers as finds. `tell` is called after each site and each lead."""
        store = self._hall.store
        specs = store.sources.specs()
        looked, leads = self._look(profile, specs, tell)
        decided = {canonical_url(url) or url for url in store.finds.decided(profile.slug)}
        wanted = [lead for lead in leads if (canonical_url(lead.url) or lead.url) not in decided][:MOST_LEADS]
        tried = self._each(lambda lead: self._try(lead, profile.slug), wanted, tell)
        found = tuple(one for one in tried if one is not None)
        new = store.finds.put(profile.slug, found, datetime.now(UTC))
        silent = sum(evidence is None for evidence in looked)
        return Suggestion(len(looked), silent, len(wanted), found, new)

    def _look(
        self, profile: RegionProfile, specs: Sequence[SourceSpec], tell: Callable[[], None]
    ) -> tuple[list[Evidence | None], list[Lead]]:
        """Look at the region's sites, then at those of its government that they lead to."""
        agencies = [one for one in profile.agencies.values() if one.url and one.in_office(datetime.now(UTC).date())]
        official = frozenset(domain for one in agencies if (domain := official_domain(one.url or "")))
        heard = {host_of(spec.url): spec.kind for spec in specs}
        sites = _few(self._first(profile, specs, agencies, heard), MOST_SITES, frozenset())
        looked: list[Evidence | None] = []
        leads: dict[str, Lead] = {}
        seen: set[str] = set()
        while sites and not self._stop.is_set():
            seen.update(host_of(site.url) for site in sites)
            beside: list[_Site] = []
            for site, evidence in zip(sites, self._each(self._evidence, sites, tell), strict=True):
                looked.append(evidence)
                if evidence is None:
                    continue
                here = heard.get(host_of(site.url))
                for lead in leads_of(self._prover.kinds, evidence, about=site.about, heard=here):
                    if not self._is_there(lead, specs, evidence):
                        leads.setdefault(canonical_url(lead.url) or lead.url, lead)
                beside += [_Site(url, host_of(url)) for url in neighbours(evidence, official)]
            sites = _few(beside, MOST_SITES - len(looked), frozenset(seen | set(heard)))
        return looked, list(leads.values())

    def _first(
        self, profile: RegionProfile, specs: Sequence[SourceSpec], agencies: Sequence[Agency], heard: dict[str, str]
    ) -> Iterator[_Site]:
        """Where a search begins: the region's own sources, sites that its posts point at, its agencies."""
        for spec in specs:
            kind = self._prover.kinds.get(spec.kind)
            if profile.slug in spec.regions and kind is not None and kind.owns is None:
                yield _Site(home_of(spec.url), spec.name)
        yield from self._pointed_at(profile.slug, heard)
        # Another day begins at another agency: one search reaches only so many of them.
        start = datetime.now(UTC).date().toordinal() * (MOST_SITES // 2) % len(agencies) if agencies else 0
        for one in (*agencies[start:], *agencies[:start]):
            yield _Site(home_of(one.url or ""), one.name)

    def _evidence(self, site: _Site) -> Evidence:
        return self._prover.look(site.url)

    def _try(self, lead: Lead, region: str) -> Found | None:
        """A find, with its newest posts where trying takes no key and no money; None when it gives no post."""
        kind = self._prover.kinds[lead.kind]
        name = lead.named or host_of(lead.url)
        if kind.need is not None or kind.facts.paid:
            why = f"{lead.why}; belum dicoba: butuh {kind.need.what if kind.need else 'biaya'}"
            return Found(lead.url, lead.kind, name, why)
        proof = self._prover.attempt(SourceSpec("usulan", name, lead.kind, lead.url, (region,)))
        return Found(lead.url, lead.kind, name, lead.why, tuple(shown_posts(proof.posts)))

    def _is_there(self, lead: Lead, specs: Iterable[SourceSpec], evidence: Evidence) -> bool:
        wanted = SourceSpec("usulan", "", lead.kind, lead.url, ())
        return any(same_source(self._prover.kinds, wanted, spec, evidence) for spec in specs)

    def _pointed_at(self, region: str, heard: dict[str, str]) -> Iterator[_Site]:
        """Sites of news that reached the region by other doors: imports, and what people wrote."""
        homes: dict[str, str] = {}
        count: Counter[str] = Counter()
        for url in self._hall.store.finds.addresses(region):
            host = host_of(url)
            if host and host not in heard and not is_platform(host) and owned(self._prover.kinds, url) is None:
                count[host] += 1
                homes.setdefault(host, home_of(url))
        for host, many in count.most_common(FROM_POSTS):
            if many >= OFTEN:
                yield _Site(homes[host], f"{host}, tempat {many} kiriman terbit")

    def _each(self, do: Callable[[Any], Any], what: Iterable[Any], tell: Callable[[], None]) -> list[Any]:
        """`do` for each, some side by side, in their order; None for those that gave nothing."""

        def one(thing: Any) -> Any:
            if self._stop.is_set():
                return None
            try:
                return do(thing)
            except (Refused, NotFound):
                return None
            finally:
                tell()

        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="suggester") as pool:
            return list(pool.map(one, what))


def _few(sites: Iterable[_Site], most: int, seen: frozenset[str]) -> list[_Site]:
    """The first sites, each host once, without those that were looked at."""
    by_host: dict[str, _Site] = {}
    for site in sites:
        if host_of(site.url) and host_of(site.url) not in seen:
            by_host.setdefault(host_of(site.url), site)
    return list(by_host.values())[: max(0, most)]
