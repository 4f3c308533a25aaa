"""Accounts and https of a cluster. The node of the tests has neither, so a server of ours answers as one that does."""

from __future__ import annotations

import base64
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from elasticsearch import SSLError as ElasticTlsError
from typer.testing import CliRunner

from domain.errors import SettingsError
from indexer.elasticsearch.accounts import put_accounts
from indexer.elasticsearch.connection import Address, connect, read_address
from jaring.__main__ import app

MANAGER = ("elastic", "kunci")


@dataclass(frozen=True)
class Asked:
    what: str
    body: dict[str, Any]
    login: str


@contextmanager
def cluster(*, certificate: Path | None = None, password: str = MANAGER[1]) -> Iterator[tuple[str, list[Asked]]]:
    """A server that takes what a manager of accounts sends, and refuses everybody else."""
    heard: list[Asked] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_PUT(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            login = base64.b64decode(self.headers["Authorization"].removeprefix("Basic ")).decode()
            heard.append(Asked(f"{self.command} {self.path}", json.loads(sent or b"{}"), login))
            good = login == f"{MANAGER[0]}:{password}"
            answer = json.dumps({} if good else {"error": {"type": "security_exception"}, "status": 401}).encode()
            self.send_response(200 if good else 401)
            self.send_header("X-Elastic-Product", "Elasticsearch")
            self.send_header("Content-Type", "application/vnd.elasticsearch+json;compatible-with=9")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_POST = do_GET = do_PUT  # noqa: N815  the names that the server looks for

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that hangs up at a certificate is no news."""

    with Server(("127.0.0.1", 0), Handler) as server:
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"{'http' if certificate is None else 'https'}://127.0.0.1:{server.server_port}", heard
        finally:
            server.shutdown()
            thread.join()


def make(url: str, *, name: str = "posts", kibana: str | None = None) -> list[str]:
    manager = connect(Address((url,), MANAGER))
    try:
        return put_accounts(manager, Address((url,), ("jaring", "rahasia"), name), kibana=kibana)
    finally:
        manager.close()


def test_jarings_account_may_touch_its_own_indices_and_no_others() -> None:
    with cluster() as (url, heard):
        assert make(url, name="lobar") == ["jaring"]
    role, user = heard
    assert role.what == "PUT /_security/role/jaring-lobar"
    assert role.body["indices"] == [
        {"names": ["lobar-*", "lobar_state", "lobar_kibana-*", "lobar_tickets-*"], "privileges": ["all"]}
    ]
    assert role.body["cluster"] == ["monitor", "manage_index_templates", "manage_ilm"]
    assert user.what == "PUT /_security/user/jaring"
    assert (user.body["password"], user.body["roles"]) == ("rahasia", ["jaring-lobar"])


def test_kibanas_own_account_gets_its_password_where_there_is_one() -> None:
    with cluster() as (url, heard):
        assert make(url, kibana="lain") == ["jaring", "kibana_system"]
    assert heard[-1].what == "PUT /_security/user/kibana_system/_password"
    assert heard[-1].body == {"password": "lain"}


def test_an_address_without_an_account_is_refused() -> None:
    manager = connect(Address(("http://127.0.0.1:1",), MANAGER))
    with pytest.raises(SettingsError, match="JARING_SEARCH_URL"):
        put_accounts(manager, read_address("http://127.0.0.1:1"))
    manager.close()


def test_the_command_logs_in_as_the_manager(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    with cluster() as (url, heard):
        monkeypatch.setenv("JARING_SEARCH_URL", url.replace("://", "://jaring:rahasia@"))
        assert "JARING_SEARCH_ADMIN" in str(CliRunner().invoke(app, ["index", "accounts"]).exception)
        monkeypatch.setenv("JARING_SEARCH_ADMIN", ":".join(MANAGER))
        monkeypatch.setenv("JARING_KIBANA_PASSWORD", "lain")
        done = CliRunner().invoke(app, ["index", "accounts"])
    assert done.exit_code == 0, done.output
    assert {x.login for x in heard} == {":".join(MANAGER)}
    assert len(heard) == 3


def test_a_wrong_password_of_the_manager_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    with cluster(password="lain") as (url, _):
        monkeypatch.setenv("JARING_SEARCH_URL", url.replace("://", "://jaring:rahasia@"))
        monkeypatch.setenv("JARING_SEARCH_ADMIN", ":".join(MANAGER))
        refused = CliRunner().invoke(app, ["index", "accounts"])
    assert refused.exit_code == 1
    assert "sandi" in str(refused.exception)


def certificate(folder: Path) -> Path:
    """A certificate of 127.0.0.1 that vouches for itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "uji")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "uji.pem"
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return file


def test_https_is_checked_by_the_sites_own_authority(tmp_path: Path) -> None:
    file = certificate(tmp_path)
    with cluster(certificate=file) as (url, heard):
        trusting = connect(Address((url,), MANAGER), authority=file)
        trusting.security.put_role(name="uji")
        trusting.close()
        assert len(heard) == 1
        stranger = connect(Address((url,), MANAGER)).options(max_retries=0)
        with pytest.raises(ElasticTlsError):
            stranger.security.put_role(name="uji")
        stranger.close()
        assert len(heard) == 1


@pytest.mark.parametrize("words", [None, "bukan sertifikat"])
def test_an_authority_that_cannot_be_read_is_told(tmp_path: Path, words: str | None) -> None:
    if words is not None:
        (tmp_path / "ca.pem").write_text(words)
    with pytest.raises(SettingsError, match="JARING_SEARCH_CA"):
        connect(Address(("https://127.0.0.1:1",)), authority=tmp_path / "ca.pem")
