"""Docs are tested: what the code has and the docs do not say fails here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crawlers.importers.mapping import bind, load_map, shipped_maps
from crawlers.kinds import load_kinds
from jaring.__main__ import app
from jaring.settings import Settings

ROOT = Path(__file__).parents[2]
SECTIONS = ("Kunci", "Biaya", "Yang diizinkan", "Yang diambil", "Setelan", "Bila macet")
DOORS = frozenset({"telegram-bot", "whatsapp", "formulir", "imap"})  # that people write to


def test_every_setting_stands_in_the_table_with_its_default_and_words() -> None:
    table = (ROOT / "docs/settings.md").read_text()
    for name, field in Settings.model_fields.items():
        row = next((line for line in table.splitlines() if line.startswith(f"| `JARING_{name.upper()}` |")), None)
        assert row is not None, name
        assert str(field.description) in row


def test_the_table_names_no_setting_that_is_not_there() -> None:
    named = set(re.findall(r"^\| `JARING_(\w+)`", (ROOT / "docs/settings.md").read_text(), re.MULTILINE))
    assert named == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize(
    "page", ["README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/operations.md", "docs/imports.md"]
)
def test_links_between_docs_lead_somewhere(page: str) -> None:
    source = ROOT / page
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", source.read_text()):
        assert (source.parent / target).exists(), target


def test_every_command_that_the_readme_shows_exists() -> None:
    blocks = "\n".join(re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL))
    for words in re.findall(r"(?:^|\| |\s)jaring ([a-z]+)(?: (?:add|new|rebuild)\b)?", blocks, re.MULTILINE):
        assert CliRunner().invoke(app, [words, "--help"]).exit_code == 0, words


def test_every_shipped_map_is_explained_and_the_examples_really_work(tmp_path: Path) -> None:
    page = (ROOT / "docs/imports.md").read_text()
    assert {name for name in shipped_maps() if f"| `{name}` |" in page} == set(shipped_maps())
    for number, table in enumerate(re.findall(r"```toml\n(.*?)```", page, re.DOTALL)):
        example = tmp_path / f"{number}.toml"
        example.write_text(table)
        assert load_map(str(example)).columns.text.names
    for rows in re.findall(r"```csv\n(.*?)```", page, re.DOTALL):
        shape = load_map("pendengar")
        header = rows.splitlines()[0].split(",")
        assert set(bind(shape, header).columns.values()) == set(header)


def test_every_kind_of_source_has_its_page_with_all_that_people_ask() -> None:
    pages = {page.stem: page.read_text(encoding="utf-8") for page in (ROOT / "docs/sources").glob("*.md")}
    index = pages.pop("README")
    assert set(pages) == set(load_kinds()) | DOORS
    for name, page in pages.items():
        assert f"]({name}.md)" in index, name
        assert tuple(re.findall(r"^## (.+)$", page, re.MULTILINE)) == SECTIONS, name
    for key, kind in load_kinds().items():
        row = next((line for line in index.splitlines() if f"]({key}.md)" in line), "")
        assert kind.need is None or f"`{kind.need.name}`" in row, key
        assert ("berbayar" in row.lower()) is kind.facts.paid, key
        assert all(f"`{option}`" in pages[key] for option, _ in kind.options), key


def test_every_picture_is_shown_and_none_is_large() -> None:
    folder = ROOT / "docs/pages"
    shown = set(re.findall(r"\]\(([\w-]+\.png)\)", (folder / "README.md").read_text(encoding="utf-8")))
    pictures = {file.name: file.stat().st_size for file in folder.glob("*.png")}
    assert set(pictures) == shown
    assert max(pictures.values()) <= 300_000
    assert sum(pictures.values()) <= 5_000_000
