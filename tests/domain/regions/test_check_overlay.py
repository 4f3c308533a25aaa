"""An overlay is checked together with the region it lies on, and told its own lines."""

from __future__ import annotations

from pathlib import Path

from domain.regions import Finding, check_region


def test_an_overlay_is_checked_together_with_what_it_overlays(tmp_path: Path) -> None:
    overlay = tmp_path / "lombok-barat"
    overlay.mkdir()
    assert check_region(overlay) == []
    (overlay / "urusan.toml").write_text('# ours\n[topic]\n"jalan.rusak" = "GAIB"\n', encoding="utf-8")
    assert check_region(overlay) == [Finding("urusan.toml", 3, "OPD GAIB tidak ada dalam agencies.toml")]
    (overlay / "urusan.toml").write_text('[topic]\n"jalan.rusak" = "PERKIM"\n', encoding="utf-8")
    assert check_region(overlay) == []


def test_an_overlays_own_entry_is_judged_at_its_own_line(tmp_path: Path) -> None:
    overlay = tmp_path / "lombok-barat"
    overlay.mkdir()
    (overlay / "points.toml").write_text(
        '[[point]]\nkey = "pasar-baru"\nname = "Pasar Baru"\nkind = "pasar"\narea = "52.01.77"\nsource = "x"\n',
        encoding="utf-8",
    )
    assert [(found.file, found.line) for found in check_region(overlay)] == [("points.toml", 5)]


def test_an_overlay_that_removes_what_others_need_is_told(tmp_path: Path) -> None:
    overlay = tmp_path / "lombok-barat"
    overlay.mkdir()
    (overlay / "agencies.toml").write_text('[[agency]]\ncode = "PERKIM"\nremove = true\n', encoding="utf-8")
    messages = {found.message for found in check_region(overlay)}
    assert messages == {"OPD PERKIM tidak ada dalam agencies.toml"}
