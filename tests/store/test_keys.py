"""Keys: what they seal opens only in its place, what they hash is found however it is written."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from domain.errors import Conflict, SettingsError
from domain.labels import PiiKind
from store.keys import KeyRing, add_key


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    KeyRing.open(tmp_path / "keys", create=True)
    return tmp_path / "keys"


def test_a_first_key_is_made_once_and_only_its_owner_reads_it(folder: Path) -> None:
    (path,) = folder.glob("*.key")
    before = path.read_bytes()
    KeyRing.open(folder, create=True)
    assert path.read_bytes() == before
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_what_is_sealed_opens_in_its_place_only(folder: Path) -> None:
    keys = KeyRing.open(folder)
    sealed = keys.seal(b"081234567890", about="post a")
    assert b"0812" not in sealed.sealed
    assert keys.unseal(sealed, about="post a") == b"081234567890"
    with pytest.raises(Conflict):
        keys.unseal(sealed, about="post b")


def test_a_new_key_seals_and_the_old_one_still_opens_and_hashes(folder: Path) -> None:
    old = KeyRing.open(folder)
    sealed, author = old.seal(b"x", about="p"), old.author("web", "Warga")
    assert add_key(folder) == "0002"
    new = KeyRing.open(folder)
    assert new.ids == ("0001", "0002")
    assert new.seal(b"y", about="p").key_id == "0002"
    assert new.unseal(sealed, about="p") == b"x"
    assert new.author("web", "warga ") == author != new.author("x", "warga")


def test_a_lost_key_says_which_one_is_missing(folder: Path, tmp_path: Path) -> None:
    sealed = KeyRing.open(folder).seal(b"x", about="p")
    (folder / "0001.key").rename(folder / "0007.key")
    with pytest.raises(Conflict, match="0001"):
        KeyRing.open(folder).unseal(sealed, about="p")
    with pytest.raises(SettingsError):
        KeyRing.open(tmp_path / "none")
    (folder / "0007.key").write_text("kependekan")
    with pytest.raises(SettingsError):
        KeyRing.open(folder)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        (PiiKind.PHONE, "0812-3456-7890", "+62 812 3456 7890"),
        (PiiKind.EMAIL, "Warga@Contoh.ID ", "warga@contoh.id"),
        (PiiKind.PLATE, "DR 1234 ab", "dr1234AB"),
        (PiiKind.NIK, "5201 0600 0000 0001", "5201060000000001"),
    ],
)
def test_the_same_thing_written_otherwise_has_the_same_mark(folder: Path, kind: PiiKind, one: str, other: str) -> None:
    keys = KeyRing.open(folder)
    assert keys.blind(kind, one) == keys.blind(kind, other)
    assert keys.blind(kind, one) != keys.blind("other", one)
