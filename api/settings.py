"""What the web server must be told: the few settings that pages and API depend on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """Settings of one web server. `base_url` with https makes the login cookie Secure."""

    base_url: str | None = None
    max_body_bytes: int = 1_000_000  # a post of 50,000 code points in JSON escapes fits; nobody types more
    photo_bytes: int = 8_000_000  # of one photo as it is sent: what telephones make
    export_rows: int = 1_000_000  # XLSX ends at 1,048,576 rows; larger exports are asked for in parts
    stale_after: timedelta = timedelta(hours=6)  # without a new post for so long, pages say so
    public_form: bool = False  # whether anybody may write to the center at /lapor
    overlays: tuple[Path, ...] = ()  # folders that the regions were merged with: borders may lie there
    version: str = "0.1.0"

    @property
    def is_secure(self) -> bool:
        """Whether people reach the pages over TLS."""
        return bool(self.base_url and self.base_url.startswith("https://"))
