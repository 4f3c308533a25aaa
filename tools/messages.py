"""Collect the pages' messages, bring the English catalogue in step and compile it.

`python tools/messages.py` rewrites api/locale; `--check` only says what is missing.
"""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent / "api"
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext.babel_extract")]
KEYWORDS: dict[str, tuple[int, ...] | None] = {"N_": None, "say": None, "_": None}
OPTIONS = {"templates/**.html": {"newstyle_gettext": "true", "trimmed": "true", "silent": "false"}}
PO = ROOT / "locale/en/LC_MESSAGES/jaring.po"
MO = PO.with_suffix(".mo")


def collected() -> Catalog:
    """All messages of code and templates."""
    found = Catalog()
    for file, _line, message, _comments, _context in extract_from_dir(ROOT, METHODS, OPTIONS, KEYWORDS):
        found.add(message, locations=[(f"api/{file}", 0)])
    return found


def in_step(template: Catalog) -> Catalog:
    """The English catalogue with exactly the messages that there are."""
    with PO.open("rb") as file:
        catalogue = read_po(file, locale="en")
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as gettext loads it."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def spoken(catalogue: Catalog) -> dict[str, str]:
    """Messages and translations, without the heading and its dates."""
    return {str(message.id): str(message.string) for message in catalogue if message.id}


def main() -> int:
    """Write or check; 1 when something is untranslated or out of step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    catalogue = in_step(collected())
    missing = [str(message.id) for message in catalogue if message.id and not message.string]
    for message in missing:
        print(f"tanpa terjemahan: {message!r}", file=sys.stderr)
    if parser.parse_args().check:
        stale = spoken(read_mo(io.BytesIO(compiled(catalogue)))) != spoken(read_mo(io.BytesIO(MO.read_bytes())))
        if stale:
            print("katalog belum dikompilasi: jalankan python tools/messages.py", file=sys.stderr)
        return 1 if missing or stale else 0
    with PO.open("wb") as file:
        write_po(file, catalogue, width=120, no_location=True, sort_output=True)
    MO.write_bytes(compiled(catalogue))
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
