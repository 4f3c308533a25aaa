"""docker-compose.yml: read as Docker reads it, and everything that it names exists in the code."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.routing import APIRoute
from typer.testing import CliRunner

from api import health
from domain.regions import load_files
from indexer.elasticsearch.connection import read_address
from indexer.kibana.door import read_address as kibana_address
from jaring.__main__ import app
from jaring.settings import Settings
from tests.services import compose_loader

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docker-compose.yml"
SECRETS = {
    name: f"sandi{number}"
    for number, name in enumerate(
        ("POSTGRES_PASSWORD", "ELASTIC_PASSWORD", "SEARCH_PASSWORD", "KIBANA_PASSWORD", "KIBANA_KEY")
    )
}
SERVER_MIB = 8 * 1024
FOR_THE_SYSTEM_MIB = 1024  # of a server, beside the containers
ROOMS = {"crawlers", "nlp", "desk", "indexer", "api"}
ONCE = {"accounts", "setup", "dashboards"}
FOREIGN = {"postgres": 5432, "elasticsearch": 9200, "kibana": 5601}

Service = dict[str, Any]


@pytest.fixture(scope="module")
def loader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compose_loader.build(tmp_path_factory.mktemp("compose"))


@pytest.fixture(params=["cluster", "small"])
def loaded(loader: Path, request: pytest.FixtureRequest) -> dict[str, Service]:
    services: dict[str, Service] = compose_loader.load(loader, FILE, request.param, SECRETS)["services"]
    return services


def services() -> dict[str, Service]:
    """All services as they are written, anchors resolved."""
    found: dict[str, Service] = yaml.safe_load(FILE.read_text())["services"]
    return found


def ours() -> dict[str, Service]:
    return {name: service for name, service in services().items() if name not in FOREIGN}


def mebibytes(text: str) -> float:
    number, unit = re.fullmatch(r"(\d+)([mg])", text).groups()  # type: ignore[union-attr]
    return int(number) * {"m": 1, "g": 1024}[unit]


def filled(value: str) -> str:
    """A value with its variables, as Compose fills them in."""
    return re.sub(r"\$\{(\w+)(?::?[-?][^}]*)?\}", lambda x: SECRETS.get(x[1], ""), value)


def test_the_reference_loader_takes_it(loaded: dict[str, Service]) -> None:
    assert set(loaded) == ({"jaring"} if "jaring" in loaded else ROOMS | ONCE | set(FOREIGN))


def test_what_is_waited_for_is_there_and_can_come_true(loaded: dict[str, Service]) -> None:
    for name, service in loaded.items():
        for other, wait in service.get("depends_on", {}).items():
            assert other in loaded, name
            if wait["condition"] == "service_healthy":
                assert "healthcheck" in loaded[other], f"{name} waits for the health of {other}"
            else:
                assert loaded[other]["restart"] == "no", f"{name} waits for the end of {other}, which starts again"


def test_without_passwords_nothing_starts_and_the_way_to_make_them_is_told(loader: Path) -> None:
    for name in SECRETS:
        with pytest.raises(ValueError, match=rf"{name} is missing a value: jalankan make env"):
            compose_loader.load(loader, FILE, "cluster", {k: v for k, v in SECRETS.items() if k != name})


def test_every_room_has_a_service_and_every_command_exists() -> None:
    assert {" ".join(x["command"]) for x in ours().values()} == {
        *(f"run {room}" for room in ROOMS), "index accounts", "setup", "kibana apply", "up",
    }  # fmt: skip
    for name, service in ours().items():
        answer = CliRunner().invoke(app, [*service["command"], "--help"])
        assert answer.exit_code == 0, f"{name}: {service['command']}"
        if service["command"][0] == "run":
            assert service["command"][1] in answer.output


def test_every_variable_is_a_setting_or_made_by_make_env_or_documented() -> None:
    known = {f"JARING_{name.upper()}" for name in Settings.model_fields}
    for name, service in ours().items():
        assert set(service["environment"]) <= known, name
    asked = set(re.findall(r"\$\{(\w+)", FILE.read_text()))
    documented = set(re.findall(r"^#?(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert asked <= documented
    assert set(SECRETS) == {x for x in asked if not x.startswith("JARING_") and not x.endswith("_PORT")}


def test_the_values_are_settings_that_can_be_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for service in ours().values():
        with pytest.MonkeyPatch.context() as patch:
            for name, value in service["environment"].items():
                given = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", str(value))
                patch.setenv(name, filled(given))
            settings = Settings()
        assert load_files(settings.regions)
        if settings.search_url:
            address = read_address(settings.search_url)
            assert address.login == ("jaring", SECRETS["SEARCH_PASSWORD"])
            assert address.nodes == (f"http://elasticsearch:{FOREIGN['elasticsearch']}",)
        if settings.kibana_url:
            assert kibana_address(settings.kibana_url).url == f"http://kibana:{FOREIGN['kibana']}"


def test_only_those_that_need_the_managers_password_are_given_it() -> None:
    text = {name: str(service.get("environment")) for name, service in services().items()}
    assert {name for name, x in text.items() if "ELASTIC_PASSWORD" in x} == {"elasticsearch", "accounts", "dashboards"}
    assert {name for name, x in text.items() if "KIBANA_PASSWORD" in x} == {"kibana", "accounts"}


def test_every_port_is_one_that_is_listened_on_and_none_is_open_to_other_machines() -> None:
    for name, service in services().items():
        for port in service.get("ports", []):
            host, _, inside = re.fullmatch(r"([\d.]+):(\$\{\w+:-\d+\}):(\d+)", port).groups()  # type: ignore[union-attr]
            assert host == "127.0.0.1"
            listened = FOREIGN.get(name) or int(service["environment"]["JARING_PORT"])
            assert int(inside) == listened, name
            assert name in FOREIGN or service["environment"]["JARING_HOST"] == "0.0.0.0"  # noqa: S104  of the container


def test_every_health_check_asks_an_address_that_is_there() -> None:
    paths = {route.path for route in health.router.routes if isinstance(route, APIRoute)}
    checked = {name: " ".join(x["healthcheck"]["test"]) for name, x in services().items() if "healthcheck" in x}
    assert set(checked) == {*FOREIGN, "api", "jaring"}
    for name, command in checked.items():
        for port, path in re.findall(r"http://127\.0\.0\.1:(\d+)(/[\w/]+)", command):
            assert int(port) == FOREIGN.get(name, 8000)
            assert name in FOREIGN or path in paths


def test_every_image_is_pinned_to_one_version() -> None:
    bases = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    for image in {*bases, *(x["image"] for x in services().values())}:
        assert re.fullmatch(r"[a-z]+:\d+\.\d+(\.\d+)?(-[a-z-]+)?", image), image
    stack = {services()[x]["image"].partition(":")[2] for x in ("elasticsearch", "kibana")}
    assert len(stack) == 1
    assert f'VERSION = "{stack.pop()}"' in (ROOT / "tools/elasticsearch-node").read_text()


def test_postgresql_is_of_the_major_version_that_the_tests_run() -> None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if not found:
        pytest.skip("no PostgreSQL here to compare with")
    told = subprocess.run([found[-1], "--version"], capture_output=True, text=True, check=True).stdout
    major = re.search(r"(\d+)\.", told)
    assert major is not None
    assert services()["postgres"]["image"].startswith(f"postgres:{major[1]}.")


def test_the_image_holds_every_room() -> None:
    copied = set(re.findall(r"^COPY (\w+) \1$", (ROOT / "Dockerfile").read_text(), re.MULTILINE))
    packages = yaml.safe_load(re.sub(r"^.*include = ", "", _include(), flags=re.DOTALL))
    assert copied == {x.rstrip("*") for x in packages}
    kept_out = (ROOT / ".dockerignore").read_text().splitlines()
    assert not copied & set(kept_out)
    assert ".env" in kept_out


def _include() -> str:
    found = re.search(r"^include = \[.*\]$", (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert found is not None
    return found[0]


@pytest.mark.parametrize("profile", ["cluster", "small"])
def test_the_limits_fit_a_server_of_8_gb(profile: str) -> None:
    limits = {name: mebibytes(x["mem_limit"]) for name, x in services().items() if profile in x["profiles"]}
    staying = sum(limit for name, limit in limits.items() if name not in ONCE)
    assert staying + limits.get("dashboards", 0) <= SERVER_MIB - FOR_THE_SYSTEM_MIB
    heap = re.search(r"-Xmx(\d+[mg])", services()["elasticsearch"]["environment"]["ES_JAVA_OPTS"])
    assert heap is not None
    assert mebibytes(heap[1]) <= limits.get("elasticsearch", SERVER_MIB) / 2  # the rest is the disk's cache


def test_what_stays_starts_again_and_what_is_once_does_not() -> None:
    for name, service in services().items():
        assert service["restart"] == ("no" if name in ONCE else "unless-stopped"), name


def test_logs_cannot_fill_the_disk() -> None:
    for name, service in services().items():
        assert {"max-size", "max-file"} <= set(service["logging"]["options"]), name


def test_data_stand_on_named_volumes() -> None:
    named = set(yaml.safe_load(FILE.read_text())["volumes"])
    used = {volume.partition(":")[0] for x in services().values() for volume in x.get("volumes", [])}
    assert used == named
    home = {x["environment"]["JARING_HOME"] for x in ours().values()}
    assert {volume.partition(":")[2] for x in ours().values() for volume in x["volumes"]} == home


def test_what_holds_data_reaches_nothing_outside() -> None:
    assert yaml.safe_load(FILE.read_text())["networks"]["inside"] == {"internal": True}
    for name in ("postgres", "elasticsearch", "nlp", "desk", "indexer"):
        assert services()[name]["networks"] == ["inside"]
