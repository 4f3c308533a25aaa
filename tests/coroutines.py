"""Runs coroutines in tests: in a thread of their own, for a browser's loop may still be running in this one."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Told = TypeVar("Told")


def run(coroutine: Coroutine[Any, Any, Told]) -> Told:
    """What a coroutine comes to."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, coroutine).result()
