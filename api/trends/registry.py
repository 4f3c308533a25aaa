"""Finds the panels: every module of `api/panels` must hold one. A lost or doubled panel stops the program."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Any, Final

from api import panels
from api.trends.panel import Panel
from domain.errors import CatalogueError

PLACE: Final = panels.__name__


def load_panels(modules: tuple[str, ...] | None = None) -> dict[str, Panel[Any]]:
    """The panels by key, in the order of the page. `modules` names others than those of `api/panels`.

    Raises:
        CatalogueError: a module cannot be imported, holds no `PANEL`, or repeats a key or a place.
    """
    names = modules or tuple(f"{PLACE}.{found.name}" for found in pkgutil.iter_modules(panels.__path__))
    keys: dict[str, str] = {}
    places: dict[int, str] = {}
    found = []
    for name in names:
        panel = _panel(name)
        for taken, value in ((keys.get(panel.key), panel.key), (places.get(panel.place), panel.place)):
            if taken is not None:
                raise CatalogueError(f"Panel {name} memakai {value!r}, yang sudah dipakai {taken}.")
        keys[panel.key], places[panel.place] = name, name
        found.append(panel)
    return {panel.key: panel for panel in sorted(found, key=lambda panel: panel.place)}


def _panel(name: str) -> Panel[Any]:
    try:
        panel = getattr(import_module(name), "PANEL", None)
    except Exception as cause:
        raise CatalogueError(f"Panel {name} tidak dapat dimuat: {cause}") from cause
    if not isinstance(panel, Panel):
        raise CatalogueError(f"Panel {name} tidak memuat satu PANEL.")
    return panel
