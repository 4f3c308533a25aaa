"""`jaring kibana`: what the center sees in Kibana, applied from code and compared with it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from domain.errors import Refused, SettingsError
from indexer.elasticsearch.connection import NAME
from indexer.elasticsearch.connection import read_address as search_address
from indexer.kibana.apply import Difference, apply, differences, read_kept, write_kept
from indexer.kibana.check import findings
from indexer.kibana.door import Kibana, read_address
from indexer.kibana.objects import definitions, ndjson
from indexer.kibana.views import Aliases
from jaring.console import emit, words
from jaring.settings import Settings, load_settings
from jaring.wiring import make_home

PATIENCE = 120.0  # seconds that a Kibana may take to start
Json = Annotated[bool, typer.Option("--json", help="Cetak JSON.")]


def attach(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, help="Dasbor Kibana untuk pusat kendali, diterapkan dari kode.")
    app.add_typer(group, name="kibana")

    group.command("apply")(put)
    group.command()(check)
    group.command()(diff)


def put(*, json: Json = False) -> None:
    """Buat ruang, peran, tampilan data, dan dasbor di Kibana; yang sudah sama dibiarkan."""
    settings = load_settings()
    kibana, aliases, file = _kibana(settings, PATIENCE), _aliases(settings, needed=True), _file(settings)
    if faults := findings(ndjson(definitions(aliases).all), aliases):
        raise Refused(f"Definisi dasbor salah: {faults[0]}. Lihat semuanya: jaring kibana check")
    make_home(settings.home)
    written, kept = apply(kibana, aliases, read_kept(file))
    write_kept(file, kept)
    if json:
        emit({"written": written})
        return
    words.print(
        f"{len(written)} benda ditulis ke Kibana." if written else "Kibana sudah sesuai; tidak ada yang ditulis."
    )


def check(*, json: Json = False) -> None:
    """Periksa definisi dasbor tanpa Kibana; keluar 1 bila ada yang salah."""
    aliases = _aliases(load_settings())
    objects = definitions(aliases).all
    found = findings(ndjson(objects), aliases)
    if json:
        emit({"objects": len(objects), "findings": found})
    else:
        for finding in found or [f"{len(objects)} benda; tidak ada yang salah."]:
            words.print(finding, markup=False)
    if found:
        raise typer.Exit(1)


def diff(*, json: Json = False) -> None:
    """Sebutkan apa yang di Kibana lain dari yang diterapkan; keluar 1 bila ada."""
    settings = load_settings()
    found = differences(_kibana(settings), _aliases(settings, needed=True), read_kept(_file(settings)))
    if json:
        emit([_told(one) for one in found])
    else:
        for line in (line for one in found for line in _lines(one)):
            words.print(line, markup=False)
    if found:
        raise typer.Exit(1)
    words.print("Kibana sesuai dengan yang diterapkan.")


def _told(one: Difference) -> dict[str, object]:
    listed = [{"path": x.path, "before": x.before, "after": x.after} for x in one.changes]
    return {"what": one.what, "about": one.about, "changes": listed}


def _lines(one: Difference) -> list[str]:
    return [f"{one.what}: {one.about}", *(f"  {x.path}: {x.before} → {x.after}" for x in one.changes)]


def _kibana(settings: Settings, patience: float = 0.0) -> Kibana:
    if settings.kibana_url is None:
        raise SettingsError(
            "JARING_KIBANA_URL belum diisi. Tulis alamat Kibana, misalnya http://elastic:sandi@127.0.0.1:5601"
        )
    return Kibana(read_address(settings.kibana_url), patience)


def _aliases(settings: Settings, *, needed: bool = False) -> Aliases:
    """The aliases of our indices. SettingsError where Elasticsearch is needed and not there: Kibana reads no other."""
    url = settings.search_url
    if needed and (url is None or not url.startswith(("http://", "https://"))):
        raise SettingsError("Kibana hanya membaca Elasticsearch: isi JARING_SEARCH_URL dengan alamatnya.")
    return Aliases.of(search_address(url).name if url and url.startswith("http") else NAME)


def _file(settings: Settings) -> Path:
    return settings.home / "kibana.json"
