"""Saved searches that are watched: which posts they want, when a want is told, and when a rise is out of the usual."""

from domain.watches.matcher import WatchIndex, WatchRule
from domain.watches.spikes import Spike, spike_of
from domain.watches.watches import Watch, WatchKind, is_news, next_digest

__all__ = ["Spike", "Watch", "WatchIndex", "WatchKind", "WatchRule", "is_news", "next_digest", "spike_of"]
