"""The subcommands, one module per subject; each attaches itself to the command line."""

from __future__ import annotations

from collections.abc import Callable

import typer

from jaring.commands import (
    analyze,
    backup,
    crawl,
    evaluate,
    imports,
    index,
    kibana,
    people,
    processes,
    quarantine,
    regions,
    sources,
    status,
    tokens,
)

COMMANDS: tuple[Callable[[typer.Typer], None], ...] = (
    processes.attach,
    crawl.attach,
    sources.attach,
    imports.attach,
    analyze.attach,
    index.attach,
    kibana.attach,
    status.attach,
    quarantine.attach,
    regions.attach,
    people.attach,
    tokens.attach,
    evaluate.attach,
    backup.attach,
)
