"""Builds the rooms' parts from settings and hands them to each other: the only place that knows them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from domain.doors import Budget, KindFacts
from domain.errors import SettingsError
from domain.ports import QueryEncoder, SourceSpec
from domain.regions import load_files
from domain.scope import Scope
from domain.sourcekeys import key_name
from domain.taxonomy import Taxonomy, load_taxonomy
from jaring.settings import Settings, load_settings

if TYPE_CHECKING:
    from desk.alerts_spikes import SpikeTimer
    from desk.decide import Desk
    from desk.profiles import ProfileBook
    from desk.proposals import Proposer
    from desk.services import DeskServices
    from desk.succession import Succession
    from indexer.engines import Engine
    from indexer.worker import Watcher
    from nlp.pipeline import Choices
    from nlp.reader import PostReader
    from store import Store
    from store.answers import Shelf

Made = TypeVar("Made")
REBUILD_CHUNK = 1_000  # documents per bulk while the index is rebuilt: keeps memory flat and bulks large


class Fresh(Generic[Made]):
    """Something made of the profiles, kept until one of them changes."""

    def __init__(self) -> None:
        self._made: tuple[int, Made] | None = None

    def of(self, profiles: ProfileBook, make: Callable[[], Made]) -> Made:
        """What was made of today's profiles."""
        version = profiles.version
        if self._made is None or self._made[0] != version:
            self._made = (version, make())
        return self._made[1]


class Hall:
    """The parts of one process, each built when first asked for. Close it when the process ends."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or load_settings()
        self._reader: Fresh[PostReader] = Fresh()
        self._desk: Fresh[Desk] = Fresh()

    @cached_property
    def taxonomy(self) -> Taxonomy:
        """The topics of all regions."""
        return load_taxonomy()

    @cached_property
    def profiles(self) -> ProfileBook:
        """The regions served, with the site's overlay and the center's own edits merged in; always the newest."""
        from desk.profiles import ProfileBook  # noqa: PLC0415  a process that needs no database does not load one

        below = load_files(self.settings.regions, overlays=overlay_folders(self.settings.overlays))
        return ProfileBook(below, self.store.region_edits)

    @cached_property
    def store(self) -> Store:
        """Truth, made when absent, with its keys. SettingsError when truth is there and its keys are not."""
        from store import KeyRing, open_store  # noqa: PLC0415  a process that needs no database does not load one
        from store.backup import holds_something  # noqa: PLC0415  as above

        make_home(self.settings.home)
        url, folder = self.settings.truth_url, self.settings.keys
        # A new key for old truth would open no secret and take every post for an edited one.
        fresh = not any(folder.glob("*.key")) and not holds_something(url)
        return open_store(url, keys=KeyRing.open(folder, create=fresh), create=True)

    @cached_property
    def shelf(self) -> Shelf:
        """The raw answers of sources on this machine."""
        from store.answers import Shelf  # noqa: PLC0415  as above

        return Shelf(self.settings.answers, self.store.keys, days=self.settings.keep_answers_days)

    @cached_property
    def index(self) -> Engine:
        """The search engine that JARING_SEARCH_URL names, or the embedded one."""
        from indexer.engines import open_engine  # noqa: PLC0415  as above

        make_home(self.settings.home)
        return open_engine(
            self.settings.search_url,
            self.settings.index_path,
            kibana=self.settings.kibana_url is not None,
            authority=self.settings.search_ca,
        )

    @cached_property
    def watcher(self) -> Watcher:
        """What holds new posts against the watched searches, beside the index."""
        from indexer.worker import Watcher  # noqa: PLC0415  as above

        return Watcher()

    @property
    def reader(self) -> PostReader:
        """The reading pipeline, made anew when a profile has changed."""
        from nlp.pipeline import build_reader  # noqa: PLC0415  spaCy takes a second to load

        return self._reader.of(self.profiles, lambda: build_reader(self.profiles, choices_of(self.settings)))

    @cached_property
    def query_encoder(self) -> QueryEncoder | None:
        """What puts searched words where posts stand; None without JARING_MEANING, and where there is no encoder."""
        from nlp.encoder.encoder import MODEL, SHIPPED, Encoder  # noqa: PLC0415  onnxruntime takes a while to load
        from nlp.encoder.queries import Queries  # noqa: PLC0415  as above

        if not self.settings.meaning or not (SHIPPED / MODEL).is_file():
            return None
        return Queries(Encoder.load(SHIPPED, threads=1))

    @property
    def desk(self) -> Desk:
        """The desk's decider, made anew when a profile has changed."""
        from desk.decide import Desk  # noqa: PLC0415  as above
        from jaring.experience import calibrations_of, experience_of  # noqa: PLC0415  as above

        def build() -> Desk:
            learnt = experience_of(self.settings.home, self.profiles.values(), self.settings.read_mode)
            fitted = calibrations_of(self.store, self.profiles.values())
            return Desk(self.profiles, self.taxonomy, experience=learnt, calibrations=fitted)

        return self._desk.of(self.profiles, build)

    @cached_property
    def desk_services(self) -> DeskServices:
        """What people do at the desk."""
        from desk.services import desk_services  # noqa: PLC0415  as above

        return desk_services(self.store, self.profiles, self.taxonomy, self.store.clock)

    @cached_property
    def proposer(self) -> Proposer:
        """What the machine does at the desk: new cases join their ticket, or one is proposed."""
        from desk.proposals import Proposer  # noqa: PLC0415  as above

        return Proposer(self.store, self.desk_services.tickets, self.profiles, self.store.clock)

    @cached_property
    def spikes(self) -> SpikeTimer:
        """What finds hours out of the usual for the watches on them."""
        from desk.alerts_spikes import SpikeTimer  # noqa: PLC0415  as above

        return SpikeTimer(self.store, lambda: self.index, self.profiles, self.store.clock)

    @cached_property
    def succession(self) -> Succession:
        """What passes on when an agency's last day has passed."""
        from desk.succession import Succession  # noqa: PLC0415  as above

        return Succession(self.store, self.desk_services.tickets, self.profiles, self.store.clock)

    @cached_property
    def kinds(self) -> Mapping[str, KindFacts]:
        """What each kind of source tells of itself, best first."""
        from crawlers.kinds import load_kinds  # noqa: PLC0415  a process that has nothing to do with sources loads none

        return {key: kind.facts for key, kind in load_kinds().items()}

    def budget_of(self, spec: SourceSpec) -> Budget | None:
        """What a source may spend with the key that is kept for it; None for a kind that spends nothing.

        SourceUnavailable, or Conflict of a key that cannot be opened, says in words why it cannot be told.
        """
        from crawlers.kinds import load_kinds  # noqa: PLC0415  as above

        kind = load_kinds().get(spec.kind)
        if kind is None or kind.budget is None:
            return None
        name = key_name(spec, kind.facts)
        return kind.budget(spec, self.store.credentials.open(name) if name else None)

    @property
    def source_specs(self) -> list[SourceSpec]:
        """The sources of all regions served; one that stands in several regions listens for all of them."""
        by_key: dict[str, SourceSpec] = {}
        for profile in self.profiles.values():
            for source in profile.sources.values():
                known = by_key.get(source.key)
                by_key[source.key] = SourceSpec(
                    key=source.key,
                    name=source.name,
                    kind=source.kind,
                    url=source.url,
                    regions=(*known.regions, profile.slug) if known else (profile.slug,),
                    every_minutes=source.every_minutes,
                    enabled=source.enabled,
                    options=tuple(sorted(source.options.items())),
                )
        return list(by_key.values())

    def close(self) -> None:
        """Close what was opened."""
        for part in ("index", "store"):
            if part in self.__dict__:
                self.__dict__.pop(part).close()


@contextmanager
def hall(settings: Settings | None = None) -> Iterator[Hall]:
    """A hall for the length of a command."""
    opened = Hall(settings)
    try:
        yield opened
    finally:
        opened.close()


def choices_of(settings: Settings, mode: str | None = None) -> Choices:
    """How the settings have posts read; a mode given stands over theirs, and fast does without meaning."""
    from nlp.pipeline import Choices, Mode  # noqa: PLC0415  spaCy takes a second to load

    chosen = Mode(mode or settings.read_mode)
    meaning = settings.meaning and chosen is not Mode.FAST
    return Choices(mode=chosen, meaning=meaning, threads=settings.encoder_threads, site=settings.pipeline)


def sees_all(regions: Iterable[str]) -> Scope:
    """The scope of the installation itself: for repairs and exports of truth, never for a person."""
    return Scope(regions=frozenset(regions), may_oversee=True)


def overlay_folders(folder: Path) -> tuple[Path, ...]:
    """The overlays that a site has: one folder, where it exists."""
    return (folder,) if folder.is_dir() else ()


def make_home(home: Path) -> None:
    """Create JARING_HOME. Raises SettingsError in one sentence when it cannot be written."""
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = home / ".tulis"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as cause:
        raise SettingsError(
            f"Folder data {home.resolve()} tidak dapat ditulisi ({cause.strerror}). "
            "Perbaiki izinnya, kosongkan disk, atau tunjuk folder lain dengan JARING_HOME."
        ) from cause
