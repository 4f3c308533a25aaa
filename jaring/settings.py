"""Every setting of Jaring, from the environment (`JARING_*`) and `.env`. docs/settings.md holds the same table."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from domain.errors import SettingsError
from domain.wording import describe


class Settings(BaseSettings):
    """The settings. Each field's description is what the documentation says of it."""

    model_config = SettingsConfigDict(
        env_prefix="JARING_",
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        env_ignore_empty=True,
        frozen=True,
    )

    home: Path = Field(
        Path("var"),
        description="Folder of the embedded database and index, region overlays, keys and quarantine files.",
    )
    database_url: str | None = Field(
        None, description="SQLAlchemy address of truth; without it, SQLite in JARING_HOME/jaring.sqlite."
    )
    search_url: str | None = Field(
        None,
        description="Addresses of Elasticsearch, http://[user:password@]host:port, separated by commas; `#name` at the "
        "end names its indices (posts). Without it, the embedded engine in JARING_HOME/index.sqlite.",
    )
    search_ca: Path | None = Field(
        None, description="Certificate authority's file (PEM) by which https to Elasticsearch is checked."
    )
    search_admin: str | None = Field(
        None,
        description="user:password that may manage accounts of Elasticsearch. Only `jaring index accounts` needs it.",
    )
    kibana_password: str | None = Field(
        None, description="Password that `jaring index accounts` gives to Kibana's own account, kibana_system."
    )
    kibana_url: str | None = Field(
        None,
        description="Address of Kibana, http://[user:password@]host:port[/path]; with it the index holds what Kibana "
        "is shown. Only `jaring kibana` needs the account, which must be one that may manage spaces and roles.",
    )
    regions: Annotated[tuple[str, ...], NoDecode] = Field(
        ("lombok-barat",), min_length=1, description="Slugs of the regions served, separated by commas."
    )
    host: str = Field("127.0.0.1", description="Address that the web server listens on.")
    port: int = Field(8000, ge=1, le=65535, description="Port of the web server.")
    base_url: str | None = Field(
        None, description="Address under which people reach the pages; https here makes the login cookie Secure."
    )
    proxies: str = Field(
        "127.0.0.1",
        description="Addresses or networks of reverse proxies, separated by commas: what these forward as the caller's "
        "address (X-Forwarded-For) is counted by; others' word is not taken.",
    )
    contact: str = Field(
        "",
        description="E-mail or web address of the operator, named in the crawlers' user agent. Set it before crawling.",
    )
    keep_answers_days: int = Field(
        14,
        ge=0,
        le=365,
        description="Days that the raw answers of sources are kept, sealed, in JARING_HOME/answers; 0: not at all.",
    )
    crawl: bool = Field(default=True, description="Whether `jaring up` crawls the sources on their schedule.")
    api_roots: Annotated[Mapping[str, str], NoDecode] = Field(
        default_factory=dict,
        description="Where platforms' APIs are asked instead of at their own address, by kind of source and separated "
        "by commas: youtube=http://proxy:8080,telegram=… A proxy of the house; keys are sent there too.",
    )
    read_mode: Literal["fast", "cascade", "best"] = Field(
        "cascade",
        description="Who reads posts: the linear deciders alone (fast), the encoder where they are unsure (cascade), "
        "or both for every post (best).",
    )
    meaning: bool = Field(
        default=False,
        description="Whether every post is encoded, so that search by meaning finds all of them: costs as much time as "
        "JARING_READ_MODE=best, and about 500 bytes a post.",
    )
    encoder_threads: int = Field(
        0, ge=0, le=64, description="Batches that the encoder of a process reads side by side; 0: one a processor."
    )
    public_form: bool = Field(
        default=False,
        description="Whether anybody may write to the center at /lapor/REGION, without a login.",
    )
    log_format: Literal["text", "json"] = Field("text", description="How logs are written to standard error.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "warning", description="The least level that is logged."
    )

    @field_validator("regions", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("api_roots", mode="before")
    @classmethod
    def _roots(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        pairs = [part.strip().partition("=") for part in value.split(",") if part.strip()]
        for kind, _, root in pairs:
            if not kind.strip() or not root.strip().startswith(("http://", "https://")):
                raise ValueError("harus jenis=http://alamat, dipisah koma")
        return {kind.strip(): root.strip().rstrip("/") for kind, _, root in pairs}

    @field_validator("meaning")
    @classmethod
    def _encoded(cls, value: bool, others: ValidationInfo) -> bool:
        if value and others.data.get("read_mode") == "fast":
            raise ValueError("butuh JARING_READ_MODE=cascade atau best")
        return value

    @field_validator("contact")
    @classmethod
    def _one_line(cls, value: str) -> str:
        if "\n" in value or "\r" in value:
            raise ValueError("harus satu baris")
        return value

    @cached_property
    def truth_url(self) -> str:
        """Address of truth, with the embedded default filled in."""
        return self.database_url or f"sqlite:///{quote(str(self.home.resolve() / 'jaring.sqlite'))}"

    @cached_property
    def index_path(self) -> Path:
        """File of the embedded index."""
        return self.home.resolve() / "index.sqlite"

    @property
    def keys(self) -> Path:
        """Folder of the encryption keys: never in a backup."""
        return self.home / "keys"

    @property
    def answers(self) -> Path:
        """Folder of the raw answers of sources, sealed with the keys."""
        return self.home / "answers"

    @property
    def pipeline(self) -> Path:
        """The site's own choice of who answers which task."""
        return self.home / "pipeline.toml"

    @property
    def overlays(self) -> Path:
        """The site's own region folders, merged over the package's."""
        return self.home / "regions"


def load_settings() -> Settings:
    """Read the settings. Raises SettingsError that names the variable and what is wrong with it."""
    try:
        return Settings()
    except ValidationError as cause:
        first = cause.errors()[0]
        name = "JARING_" + str(first["loc"][0]).upper()
        raise SettingsError(f"Setelan {name} tidak dapat dipakai: {describe({**first, 'loc': (name,)})}.") from cause
