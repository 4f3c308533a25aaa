"""`jaring sources key`: the keys to platforms. A value comes from standard input or a hidden prompt, never in words."""

from __future__ import annotations

import getpass
import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from domain.sourcekeys import KeyNote, KeyNotice, users_of
from jaring.commands.crawl import midnight
from jaring.console import emit, table, words
from jaring.sourcekeys import day, key_notices, told_of, wake_users
from jaring.wiring import hall

MAX_TYPED = 65_536  # characters read of standard input: more is no key


def attach(group: typer.Typer) -> None:
    """Add the commands to `jaring sources`."""
    keys = typer.Typer(help="Kunci ke platform: disimpan tersegel, tidak pernah dicetak.", no_args_is_help=True)
    group.add_typer(keys, name="key")

    @keys.command("set")
    def set_(
        name: Annotated[str, typer.Argument(help="Nama kunci, misalnya youtube.")],
        expires: Annotated[
            datetime | None,
            typer.Option("--expires", formats=["%Y-%m-%d"], help="Hari terakhir kunci berlaku, bila diketahui."),
        ] = None,
    ) -> None:
        """Simpan kunci. Isinya dibaca dari masukan standar atau ditanyakan tanpa terlihat."""
        value = getpass.getpass(f"Kunci {name}: ") if sys.stdin.isatty() else sys.stdin.read(MAX_TYPED)
        with hall() as opened:
            now = datetime.now(UTC)
            opened.store.credentials.put(name, value, getpass.getuser(), now, midnight(opened, expires))
            opened.store.sources.sync(opened.source_specs)
            woken = wake_users(opened, name, now)
        again = f" Dirayapi lagi: {', '.join(woken)}." if woken else ""
        words.print(f"Kunci {name} disimpan tersegel.{again}")

    @keys.command("list")
    def list_(*, json: Annotated[bool, typer.Option("--json", help="Cetak JSON.")] = False) -> None:
        """Daftar kunci, siapa yang membawanya, dan sampai kapan berlaku; tanpa isinya."""
        with hall() as opened:
            opened.store.sources.sync(opened.source_specs)
            notes = opened.store.credentials.names()
            specs = opened.store.sources.specs()
            users = {one.name: [spec.key for spec in users_of(one.name, specs, opened.kinds)] for one in notes}
            told = {one.note.name: one for one in key_notices(opened)}
        if json:
            emit([_described(note, users[note.name], told.get(note.name)) for note in notes])
            return
        table(
            ("nama", "dibawa", "sejak", "berlaku sampai", "ditolak", "dipakai"),
            [
                (
                    note.name, note.added_by, day(note.added_at), _until(note, told.get(note.name)),
                    day(note.refused_at), ", ".join(users[note.name]),
                )
                for note in notes
            ],
        )  # fmt: skip

    @keys.command()
    def remove(name: Annotated[str, typer.Argument(help="Nama kunci.")]) -> None:
        """Hapus kunci; sumber yang memakainya menunggu kunci lain."""
        with hall() as opened:
            opened.store.credentials.remove(name, getpass.getuser(), datetime.now(UTC))
        words.print(f"Kunci {name} dihapus.")


def _described(note: KeyNote, users: list[str], notice: KeyNotice | None) -> dict[str, object]:
    return {
        "name": note.name, "added_by": note.added_by, "added_at": note.added_at.isoformat(),
        "expires_at": note.expires_at.isoformat() if note.expires_at else None,
        "refused_at": note.refused_at.isoformat() if note.refused_at else None,
        "sources": users, "notice": told_of(notice) if notice else None,
    }  # fmt: skip


def _until(note: KeyNote, notice: KeyNotice | None) -> str:
    ends = note.expires_at or (notice.ends_at if notice else None)
    return day(ends) + (" (segera ganti)" if notice and ends else "")
