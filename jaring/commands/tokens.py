"""`jaring token`: API tokens from the command line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from domain.errors import Refused
from jaring.commands.people import note
from jaring.commands.sources import day
from jaring.console import emit, paper, table, words
from jaring.wiring import hall
from store.people import ApiToken

SHOWN = 12  # digits of a token's id: enough to tell it apart


def attach(app: typer.Typer) -> None:
    """Add the commands."""
    tokens = typer.Typer(no_args_is_help=True, help="Token API.")
    app.add_typer(tokens, name="token")

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
            note(opened, "token.add", user, {"scope": scope, "name": name or scope})
        words.print("Token (hanya ditampilkan sekali):")
        paper.print(plain, markup=False, soft_wrap=True)

    @tokens.command("list")
    def token_list(
        user: Annotated[str | None, typer.Option("--user", help="Hanya milik orang ini.")] = None,
        *,
        json: Annotated[bool, typer.Option("--json", help="Cetak JSON.")] = False,
    ) -> None:
        """Daftar token; teksnya sendiri tidak disimpan."""
        with hall() as opened:
            found = opened.store.accounts.tokens(user)
        if json:
            emit([
                {"id": t.id[:SHOWN], "user": t.user.name, "name": t.name, "scope": t.scope, "created_at": t.created_at,
                 "expires_at": t.expires_at, "used_at": t.used_at}
                for t in found
            ])  # fmt: skip
            return
        table(
            ("id", "pengguna", "untuk", "lingkup", "dibuat", "berakhir", "dipakai"),
            [
                (t.id[:SHOWN], t.user.name, t.name, t.scope, day(t.created_at), day(t.expires_at), day(t.used_at))
                for t in found
            ],
        )

    @tokens.command("revoke")
    def token_revoke(
        id_: Annotated[str, typer.Argument(metavar="ID", help="Awal id dari `jaring token list`.")],
    ) -> None:
        """Cabut token; sejak itu tidak membuka apa pun."""
        with hall() as opened:
            token = token_named(opened.store.accounts.tokens(), id_)
            opened.store.accounts.revoke_token(token.id)
            note(opened, "token.revoke", token.user.name, {"name": token.name})
        words.print(f"Token {token.name} milik {token.user.name} dicabut.")


def token_named(tokens: Sequence[ApiToken], start: str) -> ApiToken:
    """The token whose id begins so. Refused when none or several do."""
    found = [token for token in tokens if start and token.id.startswith(start)]
    if len(found) != 1:
        raise Refused(
            f"{'Lebih dari satu' if found else 'Tidak ada'} token berawalan {start}; lihat `jaring token list`."
        )
    return found[0]
