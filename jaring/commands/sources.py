"""`jaring sources`: what is listened to, how it fares, and new ones."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from domain.errors import Refused
from domain.ports import SourceMemory, SourceSpec
from jaring.commands import sourceanswers, sourcefinds, sourcekeys
from jaring.commands.crawl import DEAD, STATES, as_dict, show
from jaring.commands.imports import served
from jaring.console import emit, paper, progress, table, words
from jaring.wiring import hall
from store.pacing import interval_of, overdue


def attach(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(invoke_without_command=True, help="Sumber: yang didengarkan dan keadaannya.")
    app.add_typer(group, name="sources")
    sourcekeys.attach(group)
    sourcefinds.attach(group)
    sourceanswers.attach(group)

    @group.callback()
    def list_(
        context: typer.Context, *, json: Annotated[bool, typer.Option("--json", help="Cetak JSON.")] = False
    ) -> None:
        """Daftar sumber dengan keadaannya."""
        if context.invoked_subcommand is not None:
            return
        with hall() as opened:
            opened.store.sources.sync(opened.source_specs)
            rows, now = opened.store.sources.all(), datetime.now(UTC)
        if json:
            emit([described(spec, memory, now) for spec, memory in rows])
            return
        table(
            ("kunci", "nama", "jenis", "wilayah", "keadaan", "kiriman", "terbaru", "pesan"),
            [
                (
                    spec.key, spec.name, spec.kind, ", ".join(spec.regions),
                    STATES[memory.state] if spec.enabled else "dimatikan", str(memory.posts_total),
                    day(memory.newest_post_at), told(spec, memory, now),
                )
                for spec, memory in rows
            ],
        )  # fmt: skip

    @group.command()
    def add(
        url: Annotated[str, typer.Argument(help="Alamat situs, umpan, peta situs, atau kanal.")],
        region: Annotated[str, typer.Option("--region", help="Slug wilayah yang didengarkan sumber ini.")],
        kind: Annotated[str | None, typer.Option("--kind", help="rss, wordpress, sitemap, youtube, …")] = None,
        name: Annotated[str | None, typer.Option("--name", help="Nama untuk orang; bawaan: nama situsnya.")] = None,
        option: Annotated[
            list[str] | None, typer.Option("--option", help="Setelan jenisnya, nama=nilai; boleh berulang.")
        ] = None,
        *,
        json: Annotated[bool, typer.Option("--json", help="Cetak JSON.")] = False,
    ) -> None:
        """Kenali jenis sumber, ambil lima kiriman sebagai bukti, lalu simpan."""
        from jaring.proving import Prover  # noqa: PLC0415  Scrapy takes a second to load

        with hall() as opened:
            opened.store.sources.sync(opened.source_specs)
            profile = served(opened, region)
            options = settings_of(option or [])
            with progress("Mengenali sumber", None):
                proof = Prover(opened).prove(
                    url, region=profile.slug, kind=kind, name=name, by=getpass.getuser(), options=options
                )
            if proof.spec.key not in {spec.key for spec in opened.store.sources.specs()}:
                opened.store.sources.add(proof.spec)
                opened.store.finds.added(profile.slug, proof.spec.url, getpass.getuser(), datetime.now(UTC))
            facts = opened.kinds[proof.spec.kind]
        spec = proof.spec
        shown = [
            {"title": post.title or post.text[:80], "url": post.url, "published_at": stamp(post.published_at)}
            for post in proof.posts
        ]
        if json:
            emit({"key": spec.key, "kind": spec.kind, "name": spec.name, "url": spec.url, "proof": shown})
            return
        if facts.paid:
            words.print(f"{facts.price}\nDisimpan dalam keadaan mati: setujui harganya di halaman sumbernya.")
        else:
            table(
                ("terbit", "judul", "alamat"),
                [(day(p.published_at), p.title or p.text[:80], p.url or "") for p in proof.posts],
            )
        words.print(f"Disimpan sebagai sumber {spec.kind} untuk {profile.name}; kuncinya:")
        paper.print(spec.key)

    @group.command()
    def check(*, json: Annotated[bool, typer.Option("--json", help="Cetak JSON.")] = False) -> None:
        """Rayapi tiap sumber sekarang dan katakan mana yang sakit."""
        from jaring.crawling import crawl_once  # noqa: PLC0415  as above

        with hall() as opened:
            opened.store.sources.sync(opened.source_specs)
            total = sum(spec.enabled for spec in opened.store.sources.specs())
            with progress("Memeriksa sumber", total) as advance:
                outcomes = crawl_once(opened, [], None, lambda _: advance())
        emit([as_dict(one) for one in outcomes]) if json else show(outcomes)
        sick = [one.key for one in outcomes if one.state in DEAD]
        if sick:
            raise Refused(f"{len(sick)} dari {len(outcomes)} sumber sakit: {', '.join(sick)}.")


def told(spec: SourceSpec, memory: SourceMemory, now: datetime) -> str:
    """What a source says of itself; before that, that nobody comes to it."""
    late = f"tidak dirayapi sejak {day(memory.last_attempt_at)}: jalankan jaring run crawlers"
    return "; ".join(words for words in (late if overdue(memory, spec, now) else "", memory.message) if words)


def described(spec: SourceSpec, memory: SourceMemory, now: datetime) -> dict[str, object]:
    """A source as JSON shows it."""
    return {
        "key": spec.key, "name": spec.name, "kind": spec.kind, "url": spec.url, "regions": list(spec.regions),
        "every_minutes": spec.every_minutes, "enabled": spec.enabled, "added_by": spec.added_by,
        "state": memory.state.value, "message": memory.message, "failures": memory.failures, "answer": memory.answer,
        "posts": memory.posts_total, "newest_post_at": stamp(memory.newest_post_at),
        "last_attempt_at": stamp(memory.last_attempt_at), "last_ok_at": stamp(memory.last_ok_at),
        "last_new_at": stamp(memory.last_new_at), "next_due_at": stamp(memory.next_due_at),
        "interval_minutes": interval_of(memory, spec) // timedelta(minutes=1), "overdue": overdue(memory, spec, now),
    }  # fmt: skip


def settings_of(said: list[str]) -> tuple[tuple[str, str], ...]:
    """Settings as the command line writes them. Refused for what is no name=value."""
    pairs = [one.partition("=") for one in said]
    if wrong := next((one for one, pair in zip(said, pairs, strict=True) if not pair[1] or not pair[0].strip()), None):
        raise Refused(f"Setelan {wrong} harus ditulis nama=nilai, misalnya --option posts_per_month=1000.")
    return tuple((name.strip(), value.strip()) for name, _, value in pairs)


def stamp(moment: datetime | None) -> str | None:
    """A moment in ISO 8601."""
    return moment.isoformat() if moment else None


def day(moment: datetime | None) -> str:
    """A moment's day for a table."""
    return moment.strftime("%Y-%m-%d") if moment else ""
