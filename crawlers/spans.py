"""What a search has still to read, newest first: stretches between two marks, remembered so that nothing is read twice.

Where there are too many of them, what lies between the oldest is read again rather than lost.
A mark is whatever a platform's search can be bounded by and what grows with time: an id, or seconds since 1970.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MAX_GAPS = 20  # stretches left unread that are remembered; beyond it the oldest two become one


@dataclass(frozen=True, slots=True)
class Span:
    """From `after` (that mark itself was read) up to `before` (that one too); None: up to now."""

    after: int
    before: int | None = None


@dataclass(slots=True)
class Reach:
    """How far a search has been read. It moves only over what was handed on."""

    newest: int | None = None  # everything up to here is read, but for the gaps
    oldest: int | None = None  # nothing before here was ever asked for
    gaps: list[Span] = field(default_factory=list)  # newest first

    @classmethod
    def of(cls, cursor: Mapping[str, object]) -> Reach:
        """Out of a source's cursor; what is no mark there is forgotten."""
        said = cursor.get("gaps")
        pairs = [pair for pair in said if isinstance(pair, list)] if isinstance(said, list) else []
        marks = [(_mark(after), _mark(before)) for after, before, *_ in ([*pair, None, None] for pair in pairs)]
        gaps = [Span(after, before) for after, before in marks if after is not None and before is not None]
        return cls(_mark(cursor.get("newest")), _mark(cursor.get("oldest")), gaps)

    def as_cursor(self) -> dict[str, object]:
        """As it is remembered. Marks are strings: some are wider than JSON's numbers."""
        cursor: dict[str, object] = {}
        if self.newest is not None:
            cursor["newest"] = str(self.newest)
        if self.oldest is not None:
            cursor["oldest"] = str(self.oldest)
        if self.gaps:
            cursor["gaps"] = [[str(gap.after), str(gap.before)] for gap in self.gaps]
        return cursor

    def begin(self, span: Span) -> None:
        """From now on a stretch counts as asked for."""
        self.oldest = span.after if self.oldest is None else min(self.oldest, span.after)

    def owe(self, span: Span) -> None:
        """Remember a stretch of the past that is to be read, whatever ends the crawl that was asked for it."""
        self.begin(span)
        self._keep(span)

    def took(self, span: Span, marks: list[int], *, last: bool) -> Span | None:
        """Note a page that was handed on; returns what is left of its stretch, None when nothing is.

        `last`: the platform says that this was all. A page that brings the end no nearer is the last one, too.
        """
        lowest, highest = min(marks, default=None), max(marks, default=None)
        if span.before is None and self.newest is None:
            self.newest = span.after
        if highest is not None and (self.newest is None or highest > self.newest):
            self.newest = highest
        self.gaps = [gap for gap in self.gaps if gap != span]
        if last or lowest is None or lowest <= span.after or (span.before is not None and lowest >= span.before):
            return None
        return self._keep(Span(span.after, lowest))

    def _keep(self, rest: Span) -> Span:
        """Remember a stretch; returns what it is a part of by then."""
        self.gaps = sorted([*self.gaps, rest], key=lambda gap: gap.before or 0, reverse=True)
        while len(self.gaps) > MAX_GAPS:
            newer, older = self.gaps[-2:]
            if rest in {newer, older}:
                rest = Span(older.after, newer.before)
            self.gaps[-2:] = [Span(older.after, newer.before)]
        return rest

    def forget(self, before: int) -> list[Span]:
        """Give up what lies before a mark that the platform keeps no longer; returns what was given up."""
        lost = [Span(gap.after, min(gap.before or before, before)) for gap in self.gaps if gap.after < before]
        kept = [Span(max(gap.after, before), gap.before) for gap in self.gaps if (gap.before or before) > before]
        self.gaps = kept
        return lost


def _mark(value: object) -> int | None:
    return int(value) if isinstance(value, str) and value.isdecimal() else None
