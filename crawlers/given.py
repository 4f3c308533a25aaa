"""What people gave a source: the key of a crawl, the numbers that were set for it."""

from __future__ import annotations

from crawlers.asking import KeyRefused
from crawlers.kinds import CrawlJob
from domain.doors import Credential, Need
from domain.errors import SourceUnavailable
from domain.ports import SourceSpec


def key_of(job: CrawlJob, need: Need) -> str:
    """The key that a crawl was handed. KeyRefused when there is none: a person has to give one."""
    if job.credential is None:
        raise KeyRefused(f"{need.what.capitalize()} belum ada: simpan sebagai “{need.name}” di halaman Sumber.")
    return job.credential.value


def mark_of(credential: Credential | None) -> str:
    """By what an account is known without its key."""
    return credential.mark if credential is not None else "tanpa-kunci"


def chosen_number(spec: SourceSpec, name: str, *, most: int) -> int | None:
    """A whole number that was set for a source; None when it was not. SourceUnavailable when it is none."""
    value = (spec.option(name) or "").strip()
    if not value:
        return None
    if not value.isdecimal() or int(value) > most:
        raise SourceUnavailable(
            f"Setelan {name} harus bilangan bulat 0 sampai {most:,}, bukan “{value}”.".replace(",", ".", 1)
        )
    return int(value)
