"""A real WordPress of our own for tests: Debian's packages, its own MariaDB, loopback only, stopped by its own ids."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

import pytest

_ACCOUNT = "mysql"  # the package's own user; where it is absent or we are not root, we are the user
_CODE = Path("/usr/share/wordpress")
_START_SECONDS = 90

_CONFIG = """<?php
define('DB_NAME', 'wp'); define('DB_USER', 'wp'); define('DB_PASSWORD', 'wp');
define('DB_HOST', '127.0.0.1:%(database)d'); define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
define('WP_HOME', '%(url)s'); define('WP_SITEURL', '%(url)s');
define('DISABLE_WP_CRON', true); define('WP_HTTP_BLOCK_EXTERNAL', true); define('AUTOMATIC_UPDATER_DISABLED', true);
$table_prefix = 'wp_'; define('WP_DEBUG', false);
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""
_ROUTER = """<?php
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if ($path !== '/' && is_file(__DIR__ . $path)) return false;
$_SERVER['SCRIPT_NAME'] = '/index.php'; require __DIR__ . '/index.php';
"""
_INSTALL = """
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Kabar Uji', 'admin', 'admin@example.org', true, '', 'sandi-uji');
update_option('permalink_structure', '/%year%/%monthnum%/%postname%/');
update_option('timezone_string', 'Asia/Makassar'); update_option('comment_previously_approved', 0);
wp_delete_post(1, true); wp_delete_post(2, true); wp_delete_post(3, true);
global $wp_rewrite; $wp_rewrite->init(); flush_rewrite_rules(true);
"""
_POST = """
$id = wp_insert_post(['post_title' => $in['title'], 'post_content' => $in['content'], 'post_status' => 'publish',
  'post_date_gmt' => $in['date'], 'post_date' => get_date_from_gmt($in['date']), 'post_author' => 1]);
echo $id;
"""
_COMMENT = """
echo wp_insert_comment(['comment_post_ID' => $in['post'], 'comment_author' => $in['author'],
  'comment_content' => $in['text'], 'comment_date_gmt' => $in['date'],
  'comment_date' => get_date_from_gmt($in['date']), 'comment_approved' => 1]);
"""
_EDIT = "wp_update_post(['ID' => $in['post'], 'post_content' => $in['content']]);"


class Site:
    """A running site. Dates are UTC, "2026-11-01 08:00:00"."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self._folder = folder

    def add_post(self, title: str, content: str, date: str) -> int:
        """Publish a post; return its number."""
        return int(self._run(_POST, {"title": title, "content": content, "date": date}))

    def add_comment(self, post: int, author: str, text: str, date: str) -> int:
        """Add an approved comment; return its number."""
        return int(self._run(_COMMENT, {"post": post, "author": author, "text": text, "date": date}))

    def edit_post(self, post: int, content: str) -> None:
        """Change the words of a post."""
        self._run(_EDIT, {"post": post, "content": content})

    def shut_rest(self, *, shut: bool = True) -> None:
        """Shut the REST door as security plug-ins do: 401 for who is not logged in."""
        plugins = self._folder / "wp-content" / "mu-plugins"
        plugins.mkdir(exist_ok=True)
        file = plugins / "shut.php"
        if shut:
            file.write_text(
                "<?php add_filter('rest_authentication_errors',"
                " fn() => new WP_Error('no', 'tutup', ['status' => 401]));"
            )
        else:
            file.unlink(missing_ok=True)

    def _run(self, code: str, values: Mapping[str, object]) -> str:
        return run_php(self._folder, code, values)


def required() -> bool:
    """Whether REQUIRE_BACKENDS says that tests must not do without it."""
    return "wordpress" in os.environ.get("REQUIRE_BACKENDS", "").split(",")


def missing() -> Sequence[str]:
    """The packages that are not installed."""
    found = {
        "wordpress": _CODE.is_dir(),
        "mariadb-server": _server() is not None,
        "php-cli": shutil.which("php") is not None,
        "php-mysql": _php_has("mysqli"),
    }
    return [name for name, there in found.items() if not there]


def run_php(folder: Path, code: str, values: Mapping[str, object], *, installing: bool = False) -> str:
    """Run a piece of PHP inside the site. `$in` holds the values."""
    script = (
        "$_SERVER['HTTP_HOST'] = '127.0.0.1'; "
        + ("define('WP_INSTALLING', true); " if installing else "")
        + f"require '{folder}/wp-load.php'; $in = json_decode(getenv('IN'), true); {code}"
    )
    done = subprocess.run(
        ["php", "-d", "display_errors=stderr", "-r", script],
        env={**os.environ, "IN": json.dumps(values)},
        capture_output=True,
        text=True,
        check=True,
        timeout=_START_SECONDS,
    )
    return done.stdout.strip()


@contextmanager
def running() -> Iterator[Site]:
    """A site without posts. Skips, or fails when required, where it cannot be run."""
    if absent := missing():
        message = f"WordPress cannot run: apt-get install {' '.join(absent)}"
        if required():
            pytest.fail(message)
        pytest.skip(message)
    home = Path(tempfile.mkdtemp(prefix="jaring-wordpress-"))
    started: list[subprocess.Popen[bytes]] = []
    try:
        database, port = _free_port(), _free_port()
        started.append(_start_database(home, database))
        url = f"http://127.0.0.1:{port}"
        folder = home / "www"
        shutil.copytree(_CODE, folder, symlinks=False, ignore_dangling_symlinks=True)
        (folder / "wp-config.php").write_text(_CONFIG % {"database": database, "url": url})
        (folder / "router.php").write_text(_ROUTER)
        run_php(folder, _INSTALL, {}, installing=True)
        started.append(_start_web(folder, port, home / "php.log"))
        _wait(lambda: _answers(f"{url}/wp-json/wp/v2/posts"), started, "WordPress")
        yield Site(url, folder)
    finally:
        for process in reversed(started):
            _end(process)
        shutil.rmtree(home, ignore_errors=True)


def _start_database(home: Path, port: int) -> subprocess.Popen[bytes]:
    data, socket_file = home / "db", home / "db.sock"
    data.mkdir()
    account = _account(home, data)
    common = ["--no-defaults", f"--datadir={data}", *([f"--user={account}"] if account else [])]
    subprocess.run(
        ["mariadb-install-db", *common, "--auth-root-authentication-method=normal", "--skip-test-db"],
        check=True, capture_output=True, timeout=_START_SECONDS,
    )  # fmt: skip
    server = _server()
    assert server is not None
    with (home / "db.log").open("wb") as log:
        process = subprocess.Popen(
            [server, *common, "--bind-address=127.0.0.1", f"--port={port}", f"--socket={socket_file}",
             "--innodb-flush-log-at-trx-commit=0", "--skip-name-resolve"],
            stdout=log, stderr=log,
        )  # fmt: skip
    client = ["mariadb", "--no-defaults", "-u", "root", "-S", str(socket_file), "-e"]

    def up() -> bool:
        return subprocess.run([*client, "select 1"], capture_output=True, check=False).returncode == 0

    _wait(up, [process], "MariaDB")
    subprocess.run(
        [*client, ("create database wp character set utf8mb4; create user 'wp'@'127.0.0.1' identified by 'wp'; "
                  "grant all on wp.* to 'wp'@'127.0.0.1'")],
        check=True, capture_output=True,
    )  # fmt: skip
    return process


def _start_web(folder: Path, port: int, log_file: Path) -> subprocess.Popen[bytes]:
    with log_file.open("wb") as log:
        return subprocess.Popen(
            ["php", "-S", f"127.0.0.1:{port}", "-t", str(folder), str(folder / "router.php")],
            stdout=log, stderr=log,
        )  # fmt: skip


def _account(home: Path, data: Path) -> str | None:
    """The user the database runs as: it refuses root."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(_ACCOUNT)
    except KeyError:
        return "root"
    home.chmod(0o755)
    os.chown(home, entry.pw_uid, entry.pw_gid)
    os.chown(data, entry.pw_uid, entry.pw_gid)
    return _ACCOUNT


def _server() -> str | None:
    return shutil.which("mariadbd") or next((p for p in ("/usr/sbin/mariadbd",) if Path(p).exists()), None)


def _php_has(module: str) -> bool:
    if shutil.which("php") is None:
        return False
    return module in subprocess.run(["php", "-m"], capture_output=True, text=True, check=False).stdout.split()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310  our own http address
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _wait(ready: Callable[[], bool], processes: Sequence[subprocess.Popen[bytes]], what: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not ready():
        if time.monotonic() > deadline or any(process.poll() is not None for process in processes):
            pytest.fail(f"{what} did not start")
        time.sleep(0.1)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
