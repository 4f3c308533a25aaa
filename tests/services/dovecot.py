"""A real IMAP server of our own for tests: Debian's Dovecot on a loopback port, stopped by its own id."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

_PROGRAM = Path("/usr/sbin/dovecot")
_START_SECONDS = 20
PASSWORD = "sandi-kotak-surel"
_CONFIG = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap
ssl = no
disable_plaintext_auth = no
listen = 127.0.0.1
default_internal_user = {inner}
default_login_user = {outer}
default_internal_group = {group}
mail_location = maildir:{home}/mail/%u
first_valid_uid = 1
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where it listens; any name logs in with the one password."""

    port: int

    def url(self, user: str, folder: str = "INBOX") -> str:
        """A folder's address."""
        return f"imap://{user}@127.0.0.1:{self.port}/{folder}"


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Dovecot for the length of a session. Skips aloud where it is not installed."""
    if not _PROGRAM.is_file():
        reason = "dovecot is not installed: apt-get install dovecot-imapd"
        if "dovecot" in os.environ.get("REQUIRE_BACKENDS", ""):
            pytest.fail(reason)
        pytest.skip(reason)
    me = pwd.getpwuid(os.getuid())
    root = me.pw_uid == 0
    owner = pwd.getpwnam("mail") if root else me
    home = Path(tempfile.mkdtemp(prefix="dovecot-", dir="/tmp"))  # short: its sockets' paths are bounded
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    for name in ("run", "state", "mail"):
        (home / name).mkdir()
    if root:
        home.chmod(0o755)
        os.chown(home / "mail", owner.pw_uid, owner.pw_gid)
    config = home / "dovecot.conf"
    config.write_text(
        _CONFIG.format(
            home=home, port=port, password=PASSWORD, uid=owner.pw_uid, gid=owner.pw_gid,
            inner="dovecot" if root else me.pw_name, outer="dovenull" if root else me.pw_name,
            group="dovecot" if root else _group(me.pw_gid),
        )
    )  # fmt: skip
    with (home / "out").open("wb") as out:
        process = subprocess.Popen([_PROGRAM, "-F", "-c", config], stdout=out, stderr=out)
    try:
        _wait(process, port, home)
        yield MailServer(port)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(home, ignore_errors=True)


def _group(gid: int) -> str:
    import grp  # noqa: PLC0415  only where we are not root

    return grp.getgrgid(gid).gr_name


def _wait(process: subprocess.Popen[bytes], port: int, home: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as there:
                if there.recv(4):
                    return
        except OSError:
            time.sleep(0.05)  # another program is starting: nothing tells when it listens
    told = "".join(file.read_text(errors="replace") for file in (home / "out", home / "log") if file.exists())
    pytest.fail(f"dovecot did not start: {told[-2000:]}")
