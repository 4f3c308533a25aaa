"""The schema's history, and the commands that walk it. Alembic is loaded only when it is walked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, func, inspect, select, text

from domain.errors import CatalogueError, SettingsError
from store.database import Database, open_engine

if TYPE_CHECKING:
    from alembic.config import Config

_FOLDER: Final = Path(__file__).parent
_LOCK: Final = "jaring migrations"


def upgrade(url: str, revision: str = "head") -> None:
    """Bring a database to a revision of the schema; a new one is made. Nothing happens when it is there already."""
    _walk(url, revision, down=False)


def downgrade(url: str, revision: str) -> None:
    """Take a database back to an older revision, `base` for an empty one. What only newer ones hold is lost."""
    _walk(url, revision, down=True)


def revision_of(connection: Connection) -> str | None:
    """The revision that a database stands at; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def head() -> str:
    """The newest revision of this version of Jaring."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415  loaded only when asked for

    found = ScriptDirectory.from_config(_config()).get_current_head()
    if found is None:
        raise CatalogueError("Folder migrasi kosong: pasang ulang Jaring.")
    return found


def _walk(url: str, revision: str, *, down: bool) -> None:
    from alembic import command  # noqa: PLC0415  loaded only when asked for
    from alembic.util import CommandError  # noqa: PLC0415  as above

    database = Database(open_engine(url))
    try:
        with database.migrate() as connection:
            if connection.dialect.name == "postgresql":  # two processes that start at once: one waits for the other
                connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(_LOCK, 0))))
            config = _config()
            config.attributes["connection"] = connection
            try:
                (command.downgrade if down else command.upgrade)(config, revision)
            except CommandError as cause:
                raise SettingsError(f"Skema basis data tidak dikenal versi Jaring ini ({cause}).") from cause
            if connection.dialect.name == "sqlite":
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                if broken:
                    raise CatalogueError(f"Migrasi ke {revision} merusak {len(broken)} rujukan dan dibatalkan.")
    finally:
        database.close()


def _config() -> Config:
    from alembic.config import Config  # noqa: PLC0415  loaded only when asked for

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
