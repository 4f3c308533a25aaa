"""`jaring index`, `jaring reanalyze`: keep the projection in step with truth."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import Annotated

import typer

from domain.errors import SettingsError
from indexer.reconcile import ReconcileReport, Truth
from indexer.reconcile import reconcile as compare
from indexer.shown import Showing, ShownReport, TrueTickets, reconcile_shown
from jaring.commands.imports import served
from jaring.console import emit, pairs, progress, words
from jaring.meaning import encode_missing
from jaring.rebuilding import rebuild_index
from jaring.settings import load_settings
from jaring.wiring import Hall, hall, sees_all
from jaring.work import drain, turn_of


def attach(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        no_args_is_help=True, help="Indeks pencarian: bayangan dari basis data, boleh dihapus dan dibangun lagi."
    )
    app.add_typer(group, name="index")

    @group.command()
    def rebuild() -> None:
        """Bangun indeks dari awal; yang lama tetap melayani sampai yang baru penuh."""
        with hall() as opened:
            rebuild_index(opened)

    @group.command()
    def migrate() -> None:
        """Bangun ulang indeks bila versi lain yang membuatnya; bila tidak, tidak berbuat apa-apa."""
        with hall() as opened:
            if opened.index.outdated():
                rebuild_index(opened)
            else:
                words.print("Indeks sudah sesuai dengan versi ini.")

    @group.command()
    def reconcile(*, json: Annotated[bool, typer.Option("--json", help="Cetak JSON.")] = False) -> None:
        """Bandingkan indeks dengan basis data dan perbaiki selisihnya."""
        with hall() as opened:
            values = figures(reconcile_index(opened), reconcile_kibana(opened))
        emit(values) if json else pairs("Indeks", values)

    group.command()(vectors)
    group.command()(accounts)

    @group.command()
    def status(*, json: Annotated[bool, typer.Option("--json", help="Cetak JSON.")] = False) -> None:
        """Keadaan indeks."""
        with hall() as opened:
            document = opened.index.status().model_dump(mode="json")
        emit(document) if json else pairs("Indeks", document)

    @app.command()
    def reanalyze(
        region: Annotated[
            str | None, typer.Option("--region", help="Hanya kiriman yang menyangkut wilayah ini.")
        ] = None,
        *,
        wait: Annotated[bool, typer.Option("--wait/--queue", help="Kerjakan sekarang, atau hanya antrekan.")] = True,
    ) -> None:
        """Baca ulang semua kiriman; label dari orang tetap menang."""
        with hall() as opened:
            if region is not None:
                served(opened, region)
            queued = opened.store.belts.requeue_all("read", region=region)
            if not wait:
                words.print(f"{queued} kiriman diantrekan.")
                return
            for room, title in (("nlp", "Membaca"), ("desk", "Memutuskan"), ("indexer", "Mengindeks")):
                with progress(title, None if room == "indexer" else queued) as advance:
                    drain(turn_of(room, opened), advance)


def vectors() -> None:
    """Hitung vektor makna kiriman lama; boleh dihentikan, lalu dilanjutkan dengan perintah yang sama."""
    from nlp.encoder.encoder import Encoder  # noqa: PLC0415  onnxruntime takes a while to load

    with hall() as opened:
        if not opened.settings.meaning:
            raise SettingsError("Nyalakan JARING_MEANING lebih dulu: tanpa itu vektor tidak dipakai.")
        encoder = Encoder.load(threads=opened.settings.encoder_threads)
        with progress("Menghitung vektor", opened.store.vectors.missing(encoder.name)) as advance:
            done = encode_missing(opened.store, encoder, advance)
        with progress("Mengindeks", None) as advance:
            drain(turn_of("indexer", opened), advance)
        words.print(f"{done} kiriman mendapat vektor.")


def accounts() -> None:
    """Buat akun Jaring di Elasticsearch dan beri sandi akun Kibana; boleh diulang."""
    from indexer.elasticsearch.accounts import put_accounts  # noqa: PLC0415  the client takes half a second
    from indexer.elasticsearch.connection import connect, read_address  # noqa: PLC0415  as above

    settings = load_settings()
    user, separator, password = (settings.search_admin or "").partition(":")
    if not settings.search_url or not separator:
        raise SettingsError("Isi JARING_SEARCH_URL dan JARING_SEARCH_ADMIN (nama:sandi pengelola Elasticsearch).")
    ours = read_address(settings.search_url)
    manager = connect(replace(ours, login=(user, password)), authority=settings.search_ca)
    with closing(manager):
        made = put_accounts(manager, ours, kibana=settings.kibana_password)
    words.print(f"Akun Elasticsearch siap: {', '.join(made)}.")


def reconcile_index(opened: Hall) -> ReconcileReport:
    """Compare the index with truth and repair it."""
    return compare(opened.index, _truth(opened))


def figures(report: ReconcileReport, shown: ShownReport | None) -> dict[str, object]:
    """Return what was found and repaired, as it is printed."""
    values: dict[str, object] = {
        "months": report.months, "differing": report.differing, "missing": report.missing,
        "stale": report.outdated, "extra": report.unknown, "newer": report.newer, "poisoned": len(report.poisoned),
    }  # fmt: skip
    if shown is not None:
        values |= {
            "kibana_months": shown.months, "tickets_missing": shown.missing, "tickets_stale": shown.outdated,
            "tickets_extra": shown.unknown,
        }  # fmt: skip
    return values


def reconcile_kibana(opened: Hall) -> ShownReport | None:
    """Compare what Kibana is shown with truth and repair it; None where the index shows it nothing."""
    if not isinstance(opened.index, Showing) or not opened.index.holds_tickets():
        return None
    tickets = opened.store.tickets_to_index
    return reconcile_shown(opened.index, _truth(opened), TrueTickets(tickets.revs, tickets.by_codes))


def _truth(opened: Hall) -> Truth:
    cases = opened.store.cases
    scope = sees_all({digest.region for digest in cases.digests()})
    documents = partial(cases.documents, scope=scope, placed=True)
    return Truth(digests=cases.digests, versions=cases.versions, documents=documents)
