"""`jaring user`: accounts from the command line."""

from __future__ import annotations

import getpass
import os
import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from desk.people import one_time_password, reach_of
from domain.errors import Refused
from jaring.console import emit, paper, table, words
from jaring.wiring import Hall, hall


def attach(app: typer.Typer) -> None:
    """Add the commands."""
    users = typer.Typer(no_args_is_help=True, help="Pengguna.")
    app.add_typer(users, name="user")
    _coming(users)
    _changing(users)


def _coming(users: typer.Typer) -> None:
    """Who is there, and who comes in."""

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
        password = read_password() if password_stdin else one_time_password()
        with hall() as opened:
            reach = reach_of(opened.profiles, region or [], opd or [], area or [])
            opened.store.accounts.create_user(
                name, display=display, role=role, password=password,
                regions=reach.regions, opds=reach.opds, areas=reach.areas,
                may_oversee=oversee, may_reveal=reveal, must_change=not password_stdin,
            )  # fmt: skip
            note(opened, "user.add", name, {"role": role})
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
        new = read_password() if password_stdin else one_time_password()
        with hall() as opened:
            opened.store.accounts.set_password(name, new, must_change=not password_stdin, now=datetime.now(UTC))
            note(opened, "user.password", name)
        if not password_stdin:
            paper.print(new, markup=False)

    @users.command("list")
    def list_(*, json: Annotated[bool, typer.Option("--json", help="Cetak JSON.")] = False) -> None:
        """Daftar pengguna."""
        with hall() as opened:
            people = opened.store.accounts.users()
        rows = [
            {"name": u.name, "display": u.display, "role": u.role, "regions": list(u.regions), "opds": list(u.opds),
             "areas": list(u.areas), "may_oversee": u.may_oversee, "may_reveal": u.may_reveal, "active": u.active}
            for u in people
        ]  # fmt: skip
        if json:
            emit(rows)
        else:
            table(
                ("nama", "peran", "wilayah", "OPD", "desa", "aktif"),
                [
                    (
                        u.name,
                        u.role,
                        ", ".join(u.regions) or "semua",
                        ", ".join(u.opds),
                        ", ".join(u.areas),
                        "ya" if u.active else "tidak",
                    )
                    for u in people
                ],
            )


def _changing(users: typer.Typer) -> None:
    """What changes of an account."""

    @users.command()
    def change(
        name: Annotated[str, typer.Argument(help="Nama untuk masuk.")],
        role: Annotated[str | None, typer.Option("--role", help="Peran yang baru.")] = None,
        display: Annotated[str | None, typer.Option("--display", help="Nama yang ditampilkan.")] = None,
        region: Annotated[
            list[str] | None, typer.Option("--region", help='Wilayah, mengganti yang lama; "" berarti semua.')
        ] = None,
        opd: Annotated[list[str] | None, typer.Option("--opd", help='OPD, mengganti yang lama; "" menghapus.')] = None,
        area: Annotated[
            list[str] | None, typer.Option("--area", help='Kode wilayah, mengganti yang lama; "" menghapus.')
        ] = None,
        *,
        oversee: Annotated[
            bool | None, typer.Option("--oversee/--no-oversee", help="Boleh membaca yang berkadar pengawasan.")
        ] = None,
        reveal: Annotated[
            bool | None, typer.Option("--reveal/--no-reveal", help="Boleh membuka data pribadi (tercatat).")
        ] = None,
    ) -> None:
        """Ubah peran, wilayah, OPD, atau izin pengguna; yang tidak disebut tetap."""
        with hall() as opened:
            before = opened.store.accounts.user(name)
            reach = reach_of(
                opened.profiles,
                before.regions if region is None else [one for one in region if one],
                before.opds if opd is None else opd,
                before.areas if area is None else area,
            )
            wanted = {
                "role": role, "display": display, "may_oversee": oversee, "may_reveal": reveal,
                "regions": None if region is None and opd is None else reach.regions,
                "opds": None if opd is None else reach.opds, "areas": None if area is None else reach.areas,
            }  # fmt: skip
            changes = {field: value for field, value in wanted.items() if value is not None}
            if not changes:
                raise Refused("Sebutkan apa yang diubah, misalnya --role analis; lihat `jaring user change --help`.")
            opened.store.accounts.change_user(name, **changes)
            note(opened, "user.change", name, {field: told(value) for field, value in changes.items()})
        words.print(f"{name} diubah.")

    @users.command()
    def disable(name: Annotated[str, typer.Argument(help="Nama untuk masuk.")]) -> None:
        """Nonaktifkan pengguna; sesinya berakhir, tokennya tidak berlaku."""
        with hall() as opened:
            opened.store.accounts.set_active(name, active=False)
            note(opened, "user.disable", name)
        words.print(f"{name} nonaktif.")

    @users.command()
    def enable(name: Annotated[str, typer.Argument(help="Nama untuk masuk.")]) -> None:
        """Aktifkan lagi pengguna dengan sandinya yang lama."""
        with hall() as opened:
            opened.store.accounts.set_active(name, active=True)
            note(opened, "user.enable", name)
        words.print(f"{name} aktif.")


def note(opened: Hall, action: str, subject: str, detail: dict[str, str] | None = None) -> None:
    """Leave a line in the audit trail, in the name of whoever sits at this machine."""
    opened.store.audit.write(f"cli:{operator()}", action, subject, detail or {}, datetime.now(UTC))


def operator() -> str:
    """The name of this machine's user; its number where it has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def told(value: object) -> str:
    """A value as the audit trail shows it."""
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def read_password() -> str:
    """The first line of standard input, without its line end."""
    return sys.stdin.readline().rstrip("\r\n")
