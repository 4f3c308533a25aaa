"""What platforms ask of us and what they may be asked: keys, prices, budgets, settings; and doors that were found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KeyView:
    """A key by its name, never its value. `state`: there | missing | soon | ended | refused."""

    name: str
    what: str  # what the platform calls it
    platform: str
    state: str
    word: str
    shape: str
    tone: str
    about: str  # who brought it and when; until when it is good
    used_by: tuple[tuple[str, str], ...]  # address and name of sources
    held: bool  # there is one, to be replaced or removed


@dataclass(frozen=True, slots=True)
class KeysView:
    """The page of keys."""

    keys: tuple[KeyView, ...]
    today: str  # no key is good until a day before this one
    notice: str = ""
    fault: str = ""
    at: str = ""  # the name that was refused


@dataclass(frozen=True, slots=True)
class KeyWarning:
    """A key that somebody has to look after, as a line over the list."""

    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class BudgetView:
    """How much is spent. Lengths are of a bar that is 100 wide; `mark` is how far the pace lets it go today."""

    spent: str
    usable: str
    left: str
    unit: str
    period: str
    more: str  # when there is more; empty where there is now
    filled: float
    mark: float | None
    tone: str
    label: str


@dataclass(frozen=True, slots=True)
class SettingView:
    """Something that may be set on a source."""

    name: str
    about: str
    value: str


@dataclass(frozen=True, slots=True)
class TermsView:
    """What a source's platform asks and allows. Empty words where it says nothing."""

    key: KeyView | None
    price: str
    paid: bool
    allowed: str
    budget: BudgetView | None
    trouble: str  # why there is no budget to be shown
    settings: tuple[SettingView, ...]
    fixed: bool  # it stands in a region's profile: settings are changed there
    waits_for_yes: bool  # it is paid and nobody has agreed to the price
    may_agree: bool
    may_key: bool  # the keys are this visitor's to look after
    may_set: bool


@dataclass(frozen=True, slots=True)
class FoundPost:
    """A post of a door that was found."""

    title: str
    when: str


@dataclass(frozen=True, slots=True)
class FindView:
    """A door that a region does not have yet."""

    id: int
    name: str
    kind: str
    url: str
    why: str
    region: str  # empty where there is but one
    when: str
    posts: tuple[FoundPost, ...]


@dataclass(frozen=True, slots=True)
class SearchView:
    """How the last search of a region went."""

    region: str
    label: str
    about: str
    tone: str
    under_way: bool


@dataclass(frozen=True, slots=True)
class FindsView:
    """What was found for the regions of a visitor."""

    finds: tuple[FindView, ...]
    more: int  # finds that are not shown
    searches: tuple[SearchView, ...]
    under_way: bool
