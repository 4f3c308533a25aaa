"""The notebooks run from the first cell to the last on an installation. They are kept without outputs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.actors import Actor
from domain.scope import Scope
from domain.tickets import Action, Party
from tests.api.installation import case, installed
from tests.api.serving import served
from tests.api.told import REGION

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
RUN = "import sys; from nbclient.cli import main; sys.exit(main())"


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Address and token of an analyst, as the notebooks ask for them; an office answered one of its two tickets."""
    with installed(tmp_path_factory.mktemp("buku")) as place, served(place.app) as address:
        desk = place.app.state.parts.desk.tickets
        center = Actor("ratna", Scope(frozenset({REGION})), Party.CENTER)
        office = Actor("putr", Scope(frozenset({REGION}), opds=frozenset({f"{REGION}/PUTR"})), Party.AGENCY)
        first, _ = (desk.open([case(key)], center, opd="PUTR") for key in ("kubangan", "berita"))
        place.clock.advance(hours=5)
        desk.act(first.code, Action.ANSWER, office, note="Sudah kami jadwalkan.")
        yield {"JARING_URL": address, "JARING_TOKEN": place.token("ratna", "read")}


def test_there_are_notebooks() -> None:
    assert [path.stem.partition("-")[0] for path in NOTEBOOKS] == ["01", "02", "03", "04"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_to_its_end(path: Path, door: dict[str, str], tmp_path: Path) -> None:
    copy = tmp_path / path.name
    copy.write_bytes(path.read_bytes())
    environment = {**os.environ, **door, "JUPYTER_PLATFORM_DIRS": "1", "IPYTHONDIR": str(tmp_path)}
    ran = subprocess.run(
        [sys.executable, "-c", RUN, "--inplace", "--timeout=120", str(copy)],
        env=environment, capture_output=True, text=True, timeout=150, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2_000:]
    cells = [cell for cell in json.loads(copy.read_text())["cells"] if cell["cell_type"] == "code"]
    assert all(cell["execution_count"] for cell in cells)
    shown = [kind for cell in cells for output in cell["outputs"] for kind in output.get("data", {})]
    assert "image/svg+xml" in shown, "a notebook draws"
    assert "text/html" in shown, "and shows a table"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_are_kept_without_outputs(path: Path) -> None:
    for cell in json.loads(path.read_text())["cells"]:
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None)
