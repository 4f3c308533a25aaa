"""What a kind of source tells people about itself: the key it needs, what it costs, what it may spend. Pure data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)


class Period(StrEnum):
    """The time over which a platform counts what it is asked."""

    ROLLING_DAY = "24 jam"  # the last 24 hours, whenever one looks
    DAY = "hari"  # a day of the platform's own zone
    MONTH = "bulan"  # a month of the platform's own zone


@dataclass(frozen=True, slots=True)
class Budget:
    """How much of a platform's allowance an account may spend, in the platform's own units.

    `share` is the part of `limit` at which we stop: the rest is for people who work with the same key by hand.
    `paced` spreads the period's allowance over the period, so that its last day is listened to as well.
    """

    account: str  # whom the platform counts, such as "youtube:3f2a": never the key itself
    period: Period
    limit: int
    unit: str  # what one unit is, in words for people: "unit", "kiriman", "pertanyaan"
    zone: str = "UTC"
    share: float = 0.9
    paced: bool = False

    @property
    def usable(self) -> int:
        """Units that may be spent in a period."""
        return int(self.limit * self.share)

    def window(self, now: datetime) -> tuple[datetime, datetime]:
        """The period that `now` lies in, half open. Of a rolling day: the 24 whole hours that end with this one."""
        if self.period is Period.ROLLING_DAY:
            end = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
            return end - timedelta(hours=25), end  # a whole hour more: buckets are hours, and none may count too late
        local = now.astimezone(ZoneInfo(self.zone)).replace(hour=0, minute=0, second=0, microsecond=0)
        if self.period is Period.DAY:
            # By the calendar, not by 24 hours: a day on which clocks change has 23 or 25.
            return local.astimezone(UTC), (local + timedelta(days=1)).astimezone(UTC)
        first = local.replace(day=1)
        return first.astimezone(UTC), (first + timedelta(days=32)).replace(day=1).astimezone(UTC)

    def due(self, now: datetime) -> int:
        """Units of the period that may be spent by the end of this hour: all of them where it is not paced.

        What was saved earlier may be spent later. The last 24 hours grow back by themselves: they have no pace.
        """
        if not self.paced or self.period is Period.ROLLING_DAY:
            return self.usable
        since, until = self.window(now)
        return min(self.usable, self.usable * ((now - since) // HOUR + 1) // ((until - since) // HOUR))

    def more_at(self, now: datetime, spent: int, units: int = 1) -> datetime:
        """When, by the pace, so many units are left beside what was spent; the period's end when they never are."""
        since, until = self.window(now)
        if not self.paced or self.period is Period.ROLLING_DAY or spent + units > self.usable:
            return until
        hours = -(-(spent + units) * ((until - since) // HOUR) // self.usable) - 1
        return min(until, max(since + hours * HOUR, now))


@dataclass(frozen=True, slots=True)
class Spent:
    """How an account stands: what was spent in its period, what may still be spent now, and when there is more."""

    budget: Budget
    spent: int
    left: int  # units that may be spent now; by the pace, where it is paced
    more_at: datetime  # when `left` grows again, at the latest the end of the period


@dataclass(frozen=True, slots=True)
class Need:
    """The key that a kind asks for. `name` is the one under which it is kept when a source names no other."""

    name: str
    what: str  # in words for people: "kunci API", "token akses"
    lasts: timedelta | None = None  # how long such a key lives, where the platform says so


@dataclass(frozen=True, slots=True)
class KindFacts:
    """A kind of source as pages and commands show it."""

    key: str
    title: str
    need: Need | None = None
    price: str | None = None  # what the platform takes, in words for people; begins with "Gratis" where it takes none
    allowed: str | None = None  # what the platform allows, in a sentence
    options: tuple[tuple[str, str], ...] = field(default=())  # what may be set on such a source, and what it means

    @property
    def paid(self) -> bool:
        """Whether listening takes money: then a person says yes to the price before anything is asked."""
        return self.price is not None and not self.price.lower().startswith("gratis")


@dataclass(frozen=True, slots=True)
class Credential:
    """A key to a platform, opened for one crawl. It never prints itself."""

    name: str
    value: str = field(repr=False)
    mark: str = ""  # a keyed hash by which the same key is known again: it opens nothing
    expires_at: datetime | None = None
