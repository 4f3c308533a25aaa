"""Questions that cost: what the worst answer would cost is set aside first, and what it did not cost is given back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime

from crawlers.asking import Answer, Ask, SourceRests
from crawlers.kinds import CrawlJob
from domain.doors import Budget, Period, Spent
from domain.errors import SourceUnavailable
from domain.ports import Purse

Used = Callable[
    [Answer], int
]  # units that an answer cost; raises ValueError or SourceUnavailable when it does not tell


class SpentUp(SourceRests):
    """Fate: go on later. It is the budget that asks for the pause, not the platform."""


class Spending:
    """Asks within a budget. Whatever happens between two of its steps, no unit is spent that was not set aside."""

    def __init__(self, ask: Ask, purse: Purse, budget: Budget, clock: Callable[[], datetime]) -> None:
        self._ask = ask
        self._purse = purse
        self._clock = clock
        self.budget = budget

    @classmethod
    def of(cls, ask: Ask, job: CrawlJob, budget: Budget) -> Spending:
        """What a crawl may spend. SourceUnavailable where it was handed no purse."""
        if job.purse is None:
            raise SourceUnavailable("Di sini tidak ada anggaran yang dapat dibelanjakan; tidak ada yang ditanyakan.")
        return cls(ask, job.purse, budget, job.clock)

    async def ask(
        self,
        url: str,
        *,
        units: int,
        headers: Mapping[str, str] | None = None,
        secret: Mapping[str, str] | None = None,
        used: Used | None = None,
    ) -> Answer:
        """Ask, once, what costs at most so many units. SpentUp when they are not left.

        Without `used`, or where it does not tell, or where no answer came, the worst is taken to have been spent:
        so it is when the process is killed meanwhile.
        """
        at = self._clock()
        if not await asyncio.to_thread(self._purse.reserve, self.budget, units, at):
            raise await self._spent_up(units, at)
        answer = await self._ask(url, headers=headers, secret=secret, once=True)
        try:
            cost = units if used is None else used(answer)
        except (ValueError, SourceUnavailable):
            cost = units
        if cost < units:
            await asyncio.to_thread(self._purse.give_back, self.budget, units - max(0, cost), at)
        elif cost > units:  # the platform took more than it was asked for: it is missing from the next questions
            await self._charge(cost - units, at)
        return answer

    async def stands(self) -> Spent:
        """How the account stands now."""
        return await asyncio.to_thread(self._purse.stands, self.budget, self._clock())

    async def _charge(self, units: int, at: datetime) -> None:
        """Set aside what is spent already; all that is left, where that is less."""
        if not await asyncio.to_thread(self._purse.reserve, self.budget, units, at):
            stands = await asyncio.to_thread(self._purse.stands, self.budget, at)
            await asyncio.to_thread(self._purse.reserve, self.budget, min(units, stands.left), at)

    async def _spent_up(self, units: int, at: datetime) -> SpentUp:
        budget = self.budget
        stands = await asyncio.to_thread(self._purse.stands, budget, at)
        until = stands.more_at if budget.period is Period.ROLLING_DAY else budget.more_at(at, stands.spent, units)
        paced = budget.paced and stands.spent + units <= budget.usable
        share = "bagian sampai jam ini" if paced else f"batas per {budget.period.value}"
        return SpentUp(
            f"Anggaran {share} habis: {stands.spent} dari {budget.usable} {budget.unit} terpakai. "
            "Dilanjutkan sendiri bila ada lagi.",
            max(until, at),
        )
