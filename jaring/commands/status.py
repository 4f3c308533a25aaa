"""`jaring status` and `jaring doctor`: how an installation stands, and what is wrong with it."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from domain.errors import Refused
from jaring.console import emit, paper, table, words
from jaring.diagnosis import diagnose, overdue_sources
from jaring.sourcekeys import key_notices, told_of
from jaring.wiring import hall

SHOWN = 5  # sources named in a line


def attach(app: typer.Typer) -> None:
    """Add the commands."""

    @app.command()
    def status(*, json: Annotated[bool, typer.Option("--json", help="Cetak JSON.")] = False) -> None:
        """Jumlah kiriman, kasus, tiket, antrean, karantina, dan keadaan sumber."""
        with hall() as opened:
            counts = opened.store.counts()
            keys, late = key_notices(opened), overdue_sources(opened)
        document = counts.as_dict()
        document["keys"] = [{"name": one.note.name, "ended": one.ended, "notice": told_of(one)} for one in keys]
        document["overdue"] = late
        if json:
            emit(document)
            return
        table(
            ("", ""),
            [
                ("Kiriman", str(counts.posts)),
                ("Kasus", str(counts.cases)),
                ("Vektor makna", str(counts.vectors)),
                ("Tiket", "{all}: {open} terbuka, {overdue} terlambat".format(**document["tickets"])),
                *(
                    (f"Antrean {name}", f"{d['waiting']} menunggu, {d['leased']} dikerjakan")
                    for name, d in document["belts"].items()
                ),
                ("Karantina", str(document["quarantine"])),
                *((f"Sumber {state}", str(n)) for state, n in document["sources"].items()),
                *([("Sumber tidak dirayapi", f"{len(late)}: {', '.join(late[:SHOWN])}")] if late else []),
                *(("Kunci", told_of(one)) for one in keys),
            ],
        )

    @app.command()
    def doctor(*, json: Annotated[bool, typer.Option("--json", help="Cetak JSON.")] = False) -> None:
        """Periksa pemasangan ini dan katakan apa yang harus diperbaiki."""
        findings = diagnose()
        if json:
            emit([{"ok": f.ok, "subject": f.subject, "message": f.message} for f in findings])
        else:
            for finding in findings:
                mark = "[green]baik[/green] " if finding.ok else "[red]salah[/red]"
                paper.print(f"{mark} {escape(finding.subject)}: {escape(finding.message)}", soft_wrap=True)
        wrong = sum(not f.ok for f in findings)
        if wrong:
            raise Refused(f"{wrong} hal perlu diperbaiki.")
        if not json:
            words.print("Semua baik.")
