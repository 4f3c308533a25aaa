"""How large bulks are: larger while the cluster keeps up, half when it says that it does not."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock

LEAST, FIRST, MOST = 50, 500, 2_000  # documents of a bulk
_STEP = 100
MOST_BYTES = 5_000_000  # of a bulk: larger ones gain nothing and weigh on the node's memory


@dataclass(slots=True)
class Pace:
    """Additive increase, multiplicative decrease. Shared by the threads of a process."""

    documents: int = FIRST
    _lock: Lock = field(default_factory=Lock)

    def faster(self) -> None:
        """A bulk was taken whole."""
        with self._lock:
            self.documents = min(self.documents + _STEP, MOST)

    def slower(self) -> None:
        """The cluster was too busy for a bulk."""
        with self._lock:
            self.documents = max(self.documents // 2, LEAST)
