"""Texts as numbers: every value of a coded column stands once in the file, and rows hold its number."""

from __future__ import annotations

import sqlite3
from collections.abc import Hashable
from dataclasses import dataclass, field

from domain.documents import PostDocument
from indexer.sqlite.layout import AREA, CODED, MANNER, MATTER, OTHER, area_of, manner_of, matter_of, others_of

KEPT_GROUPS = 100_000  # combinations remembered, of topic and agency, of places, ...

Codes = tuple[int, ...]


@dataclass(slots=True)
class Codebook:
    """The numbers that one generation gave to texts, new ones gathered until `keep`.

    Those of a transaction that fails must be forgotten.
    """

    connection: sqlite3.Connection
    _codes: dict[str, dict[str | None, int]] = field(default_factory=dict)  # column -> text -> number
    _groups: dict[Hashable, Codes] = field(default_factory=dict)
    _known: int = 0
    _new: list[tuple[int, str, int, str | None]] = field(default_factory=list)

    def learn(self) -> None:
        """Read the numbers that were given since, by other processes too."""
        if not self._codes:
            self._codes = {name: {None: 0} for name in CODED}
        rows = self.connection.execute("SELECT n, field, code, text FROM texts WHERE n > ? ORDER BY n", (self._known,))
        for n, name, code, text in rows:
            self._codes[name][text] = code
            self._known = n

    def forget(self) -> None:
        """Drop everything; `learn` reads it again."""
        self._codes, self._groups, self._known, self._new = {}, {}, 0, []

    def keep(self) -> None:
        """Write the numbers that were given since."""
        self.connection.executemany("INSERT INTO texts VALUES (?, ?, ?, ?)", self._new)
        self._new = []

    def of(self, document: PostDocument) -> Codes:
        """Return a document's numbers in the order of `CODED`, giving new ones to texts that are new.

        A group's numbers are remembered by what it is made of: most documents then need four lookups in all.
        """
        matter, manner = matter_of(document), manner_of(document)
        places = (document.kecamatan, document.desa, *[x for p in document.places for x in (p.kode, p.name)])
        groups = self._groups
        if len(groups) > KEPT_GROUPS:
            groups.clear()
        if (of_matter := groups.get(matter)) is None:
            of_matter = groups[matter] = self._numbers(MATTER, matter)
        if (of_manner := groups.get(manner)) is None:
            of_manner = groups[manner] = self._numbers(MANNER, manner)
        if (of_area := groups.get(("area", places))) is None:
            of_area = groups["area", places] = self._numbers(AREA, area_of(document))
        others = others_of(document)
        if (of_others := groups.get(others)) is None:
            of_others = groups[others] = self._numbers(OTHER, others)
        return of_matter + of_manner + of_area + of_others

    def _numbers(self, names: tuple[str, ...], texts: tuple[str | None, ...]) -> Codes:
        return tuple([self._number(name, text) for name, text in zip(names, texts, strict=True)])

    def _number(self, name: str, text: str | None) -> int:
        known = self._codes[name]
        code = known.get(text)
        if code is None:
            code = len(known)
            self._known += 1
            self._new.append((self._known, name, code, text))
            known[text] = code
        return code
