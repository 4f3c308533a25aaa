"""The pages of settings that concern one region: its agencies, its data, and how far the machine may go."""

from __future__ import annotations

from dataclasses import dataclass

from api.contexts.settings import Choice, Tab


@dataclass(frozen=True, slots=True)
class RegionFrame:
    """What stands around each of them: the pages, the regions to choose from, and the one chosen."""

    tabs: tuple[Tab, ...]
    regions: tuple[Tab, ...]  # empty where there is one only
    slug: str
    name: str
    notice: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """An agency of the table."""

    code: str
    name: str
    aliases: str
    term: str  # since when and until when
    successor: str
    over: bool
    edited: bool
    tickets: int
    people: tuple[str, ...]  # whose account is bound to it


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """What a row of the sheet would change. `told` are (field, before, after)."""

    number: int
    code: str
    name: str
    is_new: bool
    told: tuple[tuple[str, str, str], ...]
    move: str  # what happens to its tickets and people, in words


@dataclass(frozen=True, slots=True)
class SheetPreview:
    """A sheet that was read and not yet applied. `payload` brings its rows back with the button."""

    file: str
    changes: tuple[ChangeRow, ...]
    faults: tuple[tuple[int, str], ...]
    same: int
    payload: str
    version: str


@dataclass(frozen=True, slots=True)
class AgenciesView:
    """The agencies of a region, and the sheet that changes them."""

    frame: RegionFrame
    agencies: tuple[AgencyRow, ...]
    others: tuple[AgencyRow, ...]  # bodies outside the region's own government
    csv_href: str
    xlsx_href: str
    preview: SheetPreview | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form. `kind`: text | list | number | choice | date."""

    name: str
    label: str
    kind: str
    value: str
    hint: str = ""
    options: tuple[Choice, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry of a part."""

    key: str
    title: str
    about: str
    edited: bool
    href: str


@dataclass(frozen=True, slots=True)
class EntryForm:
    """The form of one entry, or of a new one (`key` empty)."""

    key: str
    title: str
    fields: tuple[Field, ...]
    may_remove: bool
    back: str


@dataclass(frozen=True, slots=True)
class EditRow:
    """A change in the history."""

    id: int
    when: str
    by: str
    part: str
    entry: str
    told: str
    note: str
    may_undo: bool
    batch: tuple[int, ...]  # the newest lines of the same moment, when there are several


@dataclass(frozen=True, slots=True)
class RegionDataView:
    """A part of a region's data, with the changes that the center made of it."""

    frame: RegionFrame
    parts: tuple[Tab, ...]
    part: str
    title: str
    about: str
    q: str
    total: int
    entries: tuple[EntryRow, ...]
    shown: int
    form: EntryForm | None
    add_href: str
    history: tuple[EditRow, ...]
    history_href: str  # older lines; empty where there are none
    left_out: tuple[str, ...]  # edits that no longer fit, in words
    days: tuple[str, ...] = ()  # working hours in words


@dataclass(frozen=True, slots=True)
class ModeRow:
    """How tickets are made in a region."""

    slug: str
    name: str
    modes: tuple[Choice, ...]
    cap: int
    sure: str
    set_by: str
    threshold: str  # which probability was measured to be sure enough, in words
    quality_href: str


@dataclass(frozen=True, slots=True)
class ModesView:
    """The modes of the visible regions."""

    tabs: tuple[Tab, ...]
    rows: tuple[ModeRow, ...]
    notice: str = ""
    fault: str = ""
