"""The keys of an installation: they seal what masks hide, and make the hashes that find it again.

A key is a file of 32 random bytes as hex, `keys/<number>.key`, readable by its owner only, outside every
backup. The newest key seals; all keys open; the first one makes the hashes, so it must never be replaced.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from domain.errors import Conflict, SettingsError
from domain.labels import PiiKind

_KEY_BYTES = 32
_NONCE_BYTES = 12  # what AES-GCM is specified for
_AUTHOR_LENGTH = 16  # hex characters: 64 bits tell the authors of a region apart
_BLIND_LENGTH = 32
_STORY_LENGTH = 20


@dataclass(frozen=True, slots=True)
class Sealed:
    """An encrypted value and the key that opens it."""

    key_id: str
    sealed: bytes


class KeyRing:
    """Keys by id. Pure after `open`; safe to share between threads."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        if not keys or any(len(key) != _KEY_BYTES for key in keys.values()):
            raise SettingsError(f"Kunci harus ada dan berisi {_KEY_BYTES} bita.")
        self._keys = dict(sorted(keys.items()))

    @classmethod
    def open(cls, folder: Path, *, create: bool = False) -> Self:
        """Read the keys of a folder; make the first one where there is none and `create` is set."""
        if create and not any(folder.glob("*.key")):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write_key(folder / "0001.key")
        try:
            keys = {path.stem: bytes.fromhex(path.read_text("ascii")) for path in sorted(folder.glob("*.key"))}
        except (OSError, ValueError) as cause:
            raise SettingsError(f"Kunci di {folder} tidak dapat dibaca: {cause}") from cause
        if not keys:
            raise SettingsError(f"Tidak ada kunci di {folder}: pulihkan berkas *.key dari simpanan kunci Anda.")
        return cls(keys)

    @property
    def ids(self) -> tuple[str, ...]:
        """The keys there are, oldest first."""
        return tuple(self._keys)

    def author(self, namespace: str, handle: str) -> str:
        """Return the hash that stands for an author: the same for the same handle in a namespace, else unlike."""
        return self._hash("author", f"{namespace}\0{handle.strip().lower()}")[:_AUTHOR_LENGTH]

    def fingerprint(self, title: str | None, text: str) -> str:
        """Return a hash of unmasked words that says whether they changed and tells nothing else."""
        return self._hash("fingerprint", f"{title or ''}\0{text}")[:_BLIND_LENGTH]

    def blind(self, kind: str, value: str) -> str:
        """Return the hash by which the same value is found again, however it was written."""
        return self._hash(f"blind {kind}", normal(kind, value))[:_BLIND_LENGTH]

    def mark(self, key: str) -> str:
        """Return the hash by which a platform's key is known again, letter by letter: it opens nothing."""
        return self._hash("credential", key)[:_BLIND_LENGTH]

    def sign(self, purpose: str, value: str) -> str:
        """Return a keyed hash that only this installation can make of a value, and that tells nothing of it."""
        return self._hash(f"sign {purpose}", value)[:_BLIND_LENGTH]

    def story(self, first_case: str) -> str:
        """Return the name of the story that a case began: who may not see that case learns nothing of it."""
        return self._hash("story", first_case)[:_STORY_LENGTH]

    def seal(self, plain: bytes, *, about: str) -> Sealed:
        """Encrypt with the newest key, bound to what it is about."""
        key_id = self.ids[-1]
        nonce = os.urandom(_NONCE_BYTES)
        return Sealed(key_id, nonce + self._ciphers[key_id].encrypt(nonce, plain, about.encode()))

    def unseal(self, value: Sealed, *, about: str) -> bytes:
        """Decrypt. Conflict when the key is not here, or the value was not made for this place."""
        cipher = self._ciphers.get(value.key_id)
        if cipher is None:
            raise Conflict(f"Kunci {value.key_id} tidak ada: pulihkan berkasnya ke folder keys.")
        try:
            return cipher.decrypt(value.sealed[:_NONCE_BYTES], value.sealed[_NONCE_BYTES:], about.encode())
        except InvalidTag as cause:
            raise Conflict(f"Data rahasia {about} tidak cocok dengan kunci {value.key_id}.") from cause

    @cached_property
    def _ciphers(self) -> dict[str, AESGCM]:
        return {key_id: AESGCM(_derive(key, "secret")) for key_id, key in self._keys.items()}

    @cached_property
    def _hash_key(self) -> bytes:
        return _derive(self._keys[self.ids[0]], "hash")

    def _hash(self, purpose: str, value: str) -> str:
        return hmac.new(self._hash_key, f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()


def add_key(folder: Path) -> str:
    """Make a new newest key and return its id. Older keys stay: they open what they sealed."""
    number = max((int(path.stem) for path in folder.glob("*.key") if path.stem.isdecimal()), default=0) + 1
    path = folder / f"{number:04d}.key"
    _write_key(path)
    return path.stem


def normal(kind: str, value: str) -> str:
    """Write a piece of personal data the one way it is compared: "+62 812-3" and "0812 3" are one number."""
    if kind == PiiKind.EMAIL:
        return value.strip().lower()
    if kind == PiiKind.PHONE:
        digits = "".join(c for c in value if c.isdecimal())
        return "62" + digits[1:] if digits.startswith("0") else digits
    return "".join(c for c in value.upper() if c.isalnum())


def _write_key(path: Path) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL  # never over a key that is there
    with os.fdopen(os.open(path, flags, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_hex(_KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())


def _derive(key: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=f"jaring {purpose}".encode()).derive(key)
