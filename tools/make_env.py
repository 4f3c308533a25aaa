#!/usr/bin/env python3
"""Write the passwords that docker-compose.yml asks for into `.env`: strong, only for this user's eyes.

What stands in `.env` already is never changed: a password that a database was made with must stay. Run again after an
upgrade, it adds what is new.

    python3 tools/make_env.py [FILE]
"""

from __future__ import annotations

import os
import re
import secrets
import string
import sys
from pathlib import Path

SECRETS = ("POSTGRES_PASSWORD", "ELASTIC_PASSWORD", "SEARCH_PASSWORD", "KIBANA_PASSWORD", "KIBANA_KEY")
LENGTH = 40  # letters and digits: 238 bits, and nothing that an address, a shell or Compose would read otherwise
_ALPHABET = string.ascii_letters + string.digits
_FOR_OWNER = 0o600


def main() -> None:
    """Complete the file and say what was added, without its value."""
    file = Path(sys.argv[1] if len(sys.argv) > 1 else ".env")
    added = complete(file)
    print(f"{file}: {', '.join(added)} dibuat." if added else f"{file}: sudah lengkap; tidak ada yang diubah.")


def complete(file: Path) -> list[str]:
    """Add the secrets that are missing, and return their names."""
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        text = ""
    held = set(re.findall(r"^\s*(?:export\s+)?(\w+)=[ \t]*\S", text, re.MULTILINE))
    missing = [name for name in SECRETS if name not in held]
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, _FOR_OWNER)
    with os.fdopen(descriptor, "a", encoding="utf-8") as out:
        os.fchmod(out.fileno(), _FOR_OWNER)  # one that was there may have been open to others
        if text and not text.endswith("\n"):
            out.write("\n")
        out.writelines(f"{name}={_secret()}\n" for name in missing)
    return missing


def _secret() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(LENGTH))


if __name__ == "__main__":
    main()
