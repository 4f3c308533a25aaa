"""`jaring sources suggest`: doors that a region does not have yet, proposed and never added by itself."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from jaring.commands.imports import served
from jaring.console import emit, progress, table, words
from jaring.wiring import hall
from store.finds import Found


def attach(group: typer.Typer) -> None:
    """Add the command to `jaring sources`."""

    @group.command()
    def suggest(
        region: Annotated[str, typer.Option("--region", help="Slug wilayah yang dicarikan pintu baru.")],
        *,
        json: Annotated[bool, typer.Option("--json", help="Cetak JSON.")] = False,
    ) -> None:
        """Cari umpan, peta situs, WordPress, dan kanal yang belum dimiliki wilayah; tidak menambahkan apa pun."""
        from jaring.suggesting import Suggester  # noqa: PLC0415  Scrapy takes a second to load

        with hall() as opened:
            opened.store.sources.sync(opened.source_specs)
            profile = served(opened, region)
            with progress("Mencari pintu baru", None) as advance:
                came = Suggester(opened).search(profile, advance)
        if json:
            emit(came.as_dict() | {"finds": [asdict(found) for found in came.found]})
            return
        table(
            ("jenis", "alamat", "terbaru", "mengapa"),
            [(found.kind, found.url, newest_of(found), found.why) for found in came.found],
        )
        words.print(
            f"{came.looked} situs dilihat ({came.silent} tidak menjawab), {came.tried} pintu dicoba, "
            f"{len(came.found)} menjawab, {came.new} di antaranya baru. "
            "Tambahkan satu per satu di halaman Sumber, atau dengan `jaring sources add`."
        )


def newest_of(found: Found) -> str:
    """The day of a find's newest post, for a table."""
    return max((post["published_at"] for post in found.posts if post["published_at"]), default="")[:10]
