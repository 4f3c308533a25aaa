"""What an operator gets wrong is told in one sentence that says what would do."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from domain.errors import SettingsError
from jaring.settings import load_settings
from jaring.up import refuse_taken_port
from jaring.wiring import make_home


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_regions_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JARING_REGIONS", "lombok-barat, kota-bengkulu,")
    assert load_settings().regions == ("lombok-barat", "kota-bengkulu")


def test_a_platform_may_be_asked_by_a_proxy_of_the_house(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().api_roots == {}
    monkeypatch.setenv("JARING_API_ROOTS", "youtube=http://proxy:8080/, telegram = https://lain.id,")
    assert load_settings().api_roots == {"youtube": "http://proxy:8080", "telegram": "https://lain.id"}


@pytest.mark.parametrize("said", ["http://proxy:8080", "youtube=proxy", "=http://proxy"])
def test_a_root_without_a_kind_or_an_address_is_refused(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("JARING_API_ROOTS", said)
    with pytest.raises(SettingsError, match=r"JARING_API_ROOTS.*jenis=http://alamat"):
        load_settings()


def test_an_empty_setting_is_as_if_it_were_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JARING_BASE_URL", "")
    assert load_settings().base_url is None


def test_the_env_file_of_the_working_directory_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JARING_PORT", raising=False)
    (tmp_path / ".env").write_text("JARING_PORT=8123\n")
    assert load_settings().port == 8123


def test_a_bad_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JARING_PORT", "delapan")
    with pytest.raises(SettingsError, match="JARING_PORT"):
        load_settings()


def test_a_taken_port_is_told_with_another_to_try() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"PORT={port + 1}"):
            refuse_taken_port("127.0.0.1", port)


def test_a_home_that_cannot_be_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "berkas").write_text("")
    with pytest.raises(SettingsError, match="JARING_HOME"):
        make_home(tmp_path / "berkas" / "var")
