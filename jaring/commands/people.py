"""`jaring user` and `jaring token`: accounts from the command line."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from domain.errors import Refused
from jaring.commands.imports import served
from jaring.console import emit, paper, table, words
from jaring.wiring import Hall, hall


def attach(app: typer.Typer) -> None:
    """Add the commands."""
    users = typer.Typer(no_args_is_help=True, help="Pengguna.")
    app.add_typer(users, name="user")
    tokens = typer.Typer(no_args_is_help=True, help="Token API.")
    app.add_typer(tokens, name="token")

    @users.command("add")
    def add(
        name: Annotated[str, typer.Argument(help="Nama untuk masuk.")],
        role: Annotated[str, typer.Option("--role", help="admin, analis, penghubung, pimpinan, atau kades.")],
        display: Annotated[str | None, typer.Option("--display", help="Nama yang ditampilkan.")] = None,
        region: Annotated[list[str] | None, typer.Option("--region", help="Wilayah; kosong berarti semua.")] = None,
        opd: Annotated[
            list[str] | None, typer.Option("--opd", help="Kode OPD (penghubung): PUTR atau lombok-barat/PUTR.")
        ] = None,
        area: Annotated[list[str] | None, typer.Option("--area", help="Kode wilayah (kades).")] = None,
        *,
        oversee: Annotated[bool, typer.Option("--oversee", help="Boleh membaca yang berkadar pengawasan.")] = False,
        reveal: Annotated[bool, typer.Option("--reveal", help="Boleh membuka data pribadi (tercatat).")] = False,
        password_stdin: Annotated[bool, typer.Option("--password-stdin", help="Baca sandi dari masukan.")] = False,
    ) -> None:
        """Tambah pengguna; tanpa --password-stdin dibuatkan sandi sekali pakai."""
        password = read_password() if password_stdin else secrets.token_urlsafe(9)
        with hall() as opened:
            regions, opds = known(opened, region or [], opd or [], area or [])
            opened.store.accounts.create_user(
                name, display=display, role=role, password=password,
                regions=regions, opds=opds, areas=tuple(area or ()),
                may_oversee=oversee, may_reveal=reveal, must_change=not password_stdin,
            )  # fmt: skip
        if not password_stdin:
            words.print("Sandi sekali pakai (hanya ditampilkan sekali):")
            paper.print(password, markup=False)

    @users.command("password")
    def password(
        name: Annotated[str, typer.Argument(help="Nama untuk masuk.")],
        *,
        password_stdin: Annotated[bool, typer.Option("--password-stdin", help="Baca sandi dari masukan.")] = False,
    ) -> None:
        """Ganti sandi; semua sesi orang itu berakhir."""
        new = read_password() if password_stdin else secrets.token_urlsafe(9)
        with hall() as opened:
            opened.store.accounts.set_password(name, new, must_change=not password_stdin, now=datetime.now(UTC))
            opened.store.accounts.end_all(name)
        if not password_stdin:
            paper.print(new, markup=False)

    @users.command("list")
    def list_(*, json: Annotated[bool, typer.Option("--json", help="Cetak JSON.")] = False) -> None:
        """Daftar pengguna."""
        with hall() as opened:
            people = opened.store.accounts.users()
        rows = [
            {"name": u.name, "display": u.display, "role": u.role, "regions": list(u.regions), "opds": list(u.opds),
             "areas": list(u.areas), "active": u.active}
            for u in people
        ]  # fmt: skip
        if json:
            emit(rows)
        else:
            table(
                ("nama", "peran", "OPD", "aktif"),
                [(u.name, u.role, ", ".join(u.opds), "ya" if u.active else "tidak") for u in people],
            )

    @users.command()
    def disable(name: Annotated[str, typer.Argument(help="Nama untuk masuk.")]) -> None:
        """Nonaktifkan pengguna; sesinya berakhir."""
        with hall() as opened:
            opened.store.accounts.set_active(name, active=False)
            opened.store.accounts.end_all(name)
        words.print(f"{name} nonaktif.")

    @tokens.command("add")
    def token_add(
        user: Annotated[str, typer.Option("--user", help="Atas nama siapa.")],
        scope: Annotated[str, typer.Option("--scope", help="read, write, atau intake.")] = "read",
        name: Annotated[str, typer.Option("--name", help="Untuk apa.")] = "",
        days: Annotated[
            int | None, typer.Option("--days", min=1, help="Berlaku berapa hari; kosong berarti tanpa batas.")
        ] = None,
    ) -> None:
        """Buat token; hanya ditampilkan sekali."""
        now = datetime.now(UTC)
        with hall() as opened:
            plain = opened.store.accounts.create_token(
                user, scope=scope, name=name or scope, expires=now + timedelta(days=days) if days else None, now=now
            )
        words.print("Token (hanya ditampilkan sekali):")
        paper.print(plain, markup=False, soft_wrap=True)


def known(
    opened: Hall, regions: Sequence[str], opds: Sequence[str], areas: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The regions and agency keys of an account; a bare code stands for that agency in each of its regions.

    Refused for what is not there: an account with a slip in it would see nothing, and nobody would know why.
    """
    keys = [opd.rpartition("/") for opd in opds]
    wanted = tuple(dict.fromkeys([*regions, *(region for region, _, _ in keys if region)]))
    profiles = [served(opened, slug) for slug in wanted] or list(opened.profiles.values())
    for region, _, code in keys:
        if not any(code in p.agencies for p in profiles if region in {"", p.slug}):
            raise Refused(f"OPD {code} tidak ada di {region or ', '.join(p.slug for p in profiles)}.")
    for kode in areas:
        if not any(kode == p.kode or kode in p.areas for p in profiles):
            raise Refused(f"Kode wilayah {kode} tidak ada di {', '.join(p.slug for p in profiles)}.")
    here = {
        (region, code): [p.slug for p in profiles if region in {"", p.slug} and code in p.agencies]
        for region, _, code in keys
    }
    return wanted, tuple(dict.fromkeys(f"{slug}/{code}" for (_, code), slugs in here.items() for slug in slugs))


def read_password() -> str:
    """The first line of standard input, without its line end."""
    return sys.stdin.readline().rstrip("\r\n")
