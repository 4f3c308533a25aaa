"""Kibana is made to hold what is defined, once and for good; what a person changes there is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from domain.errors import Conflict, Refused, SettingsError, Unavailable
from indexer.kibana.apply import Kept, apply, differences, read_kept, write_kept
from indexer.kibana.door import Kibana, read_address
from indexer.kibana.objects import definitions
from indexer.kibana.space import SPACE, SPACE_BODY
from tests.indexer.kibana.conftest import ALIASES
from tests.indexer.kibana.double import PASSWORD, Double

DASHBOARD = "dashboard/jaring-kinerja-opd"
EVERYTHING = len(definitions(ALIASES).all) + 3  # with the space and its two roles


def change_dashboard(double: Double, key: str = DASHBOARD) -> None:
    """Make a panel narrower, as a person would."""
    attributes = double.objects[SPACE][key]["attributes"]
    panels = json.loads(attributes["panelsJSON"])
    panels[0]["gridData"]["w"] = 10
    attributes["panelsJSON"] = json.dumps(panels)


def test_space_comes_before_roles_roles_before_data_views_and_those_before_dashboards(
    double: Double, kibana: Kibana
) -> None:
    written, _ = apply(kibana, ALIASES, Kept())
    assert len(written) == EVERYTHING
    assert [one.split("?")[0] for one in double.written] == [
        "POST /api/spaces/space",
        "PUT /api/security/role/jaring-dasbor",
        "PUT /api/security/role/jaring-telusur",
        "POST /s/jaring/api/saved_objects/_import",
        "POST /s/jaring/api/saved_objects/_import",
    ]
    assert len(double.objects[SPACE]) == EVERYTHING - 3


def test_a_second_time_changes_nothing(double: Double, kibana: Kibana) -> None:
    _, kept = apply(kibana, ALIASES, Kept())
    double.asked.clear()
    assert apply(kibana, ALIASES, kept) == ([], kept)
    assert double.written == []
    assert differences(kibana, ALIASES, kept) == []


def test_without_what_was_kept_the_outcome_is_the_same(double: Double, kibana: Kibana) -> None:
    _, kept = apply(kibana, ALIASES, Kept())
    before = json.dumps(double.objects)
    written, again = apply(kibana, ALIASES, Kept())
    assert again == kept
    assert json.dumps(double.objects) == before
    assert f"space/{SPACE}" not in written, "what can be compared as it is needs no memory"


def test_what_a_person_changed_is_told_by_its_path_and_put_back(double: Double, kibana: Kibana) -> None:
    _, kept = apply(kibana, ALIASES, Kept())
    change_dashboard(double)
    double.spaces[SPACE]["description"] = "punya saya"
    double.roles["jaring-dasbor"]["elasticsearch"]["indices"][0]["names"] = ["*"]
    told = {one.what: one for one in differences(kibana, ALIASES, kept)}
    assert told.keys() == {DASHBOARD, f"space/{SPACE}", "role/jaring-dasbor"}
    (change,) = told[DASHBOARD].changes
    assert (change.path, change.before, change.after) == ("attributes.panelsJSON[0].gridData.w", "12", "10")
    assert told[f"space/{SPACE}"].changes[0].after == "punya saya"
    written, kept = apply(kibana, ALIASES, kept)
    assert sorted(written) == sorted(told)
    assert differences(kibana, ALIASES, kept) == []


def test_without_what_was_kept_only_what_is_missing_from_the_definition_is_told(double: Double, kibana: Kibana) -> None:
    apply(kibana, ALIASES, Kept())
    change_dashboard(double)
    found = {one.what: one for one in differences(kibana, ALIASES, Kept())}
    assert "attributes.panelsJSON[0].gridData.w" in {change.path for change in found[DASHBOARD].changes}


def test_a_deleted_object_is_told_and_comes_back(double: Double, kibana: Kibana) -> None:
    _, kept = apply(kibana, ALIASES, Kept())
    del double.objects[SPACE][DASHBOARD]
    (gone,) = differences(kibana, ALIASES, kept)
    assert (gone.what, gone.changes) == (DASHBOARD, ())
    assert apply(kibana, ALIASES, kept)[0] == [DASHBOARD]


def test_what_people_made_themselves_is_left_alone(double: Double, kibana: Kibana) -> None:
    _, kept = apply(kibana, ALIASES, Kept())
    own = {"type": "dashboard", "id": "punya-sari", "attributes": {"title": "Punya Sari"}, "references": []}
    double.objects[SPACE]["dashboard/punya-sari"] = own
    assert differences(kibana, ALIASES, kept) == []
    assert apply(kibana, ALIASES, kept)[0] == []
    assert double.objects[SPACE]["dashboard/punya-sari"] == own


def test_a_field_that_people_use_often_is_no_change(double: Double, kibana: Kibana) -> None:
    _, kept = apply(kibana, ALIASES, Kept())
    attributes = double.objects[SPACE]["index-pattern/jaring-kiriman"]["attributes"]
    used = json.loads(attributes["fieldAttrs"])
    used["topic"]["count"] = 7
    attributes["fieldAttrs"] = json.dumps(used)
    assert differences(kibana, ALIASES, kept) == []


def test_a_new_definition_is_sent_and_told_until_then(double: Double, kibana: Kibana) -> None:
    _, kept = apply(kibana, ALIASES, Kept())
    older = Kept({**kept.sent, DASHBOARD: "lain"}, kept.made)
    (found,) = differences(kibana, ALIASES, older)
    assert "definisinya berubah" in found.about
    double.asked.clear()
    assert apply(kibana, ALIASES, older)[0] == [DASHBOARD]


def test_an_object_that_jaring_no_longer_defines_is_told(double: Double, kibana: Kibana) -> None:
    _, kept = apply(kibana, ALIASES, Kept())
    double.objects[SPACE]["lens/jaring-lama"] = {"type": "lens", "id": "jaring-lama", "attributes": {}}
    (found,) = differences(kibana, ALIASES, kept)
    assert found.what == "lens/jaring-lama"


def test_before_it_was_ever_applied_the_difference_is_that(kibana: Kibana) -> None:
    (found,) = differences(kibana, ALIASES, Kept())
    assert "belum ada" in found.about


def test_a_kibana_that_is_starting_is_waited_for(double: Double, url: str) -> None:
    double.starting = 3
    waits: list[float] = []
    apply(Kibana(read_address(url), patience=60, sleep=waits.append), ALIASES, Kept())
    assert len(waits) == 3
    double.starting = 100
    with pytest.raises(Unavailable, match="not ready yet"):
        apply(Kibana(read_address(url), patience=6, sleep=waits.append), ALIASES, Kept())
    assert len(waits) == 6


def test_nobody_there_is_told_without_the_password(url: str) -> None:
    address = read_address(url.rpartition(":")[0] + ":1")
    with pytest.raises(Unavailable) as told:
        apply(Kibana(address), ALIASES, Kept())
    assert PASSWORD not in str(told.value)
    assert "rahasia" not in str(told.value)


def test_a_wrong_password_is_told_by_its_setting(double: Double) -> None:
    with pytest.raises(SettingsError, match="JARING_KIBANA_URL"):
        apply(Kibana(read_address(double.url)), ALIASES, Kept())


def test_a_space_that_is_not_there_is_told(kibana: Kibana) -> None:
    with pytest.raises(Refused, match="Ruang lain tidak ada"):
        kibana.load("lain", definitions(ALIASES).views)
    with pytest.raises(Refused, match="lain"):
        kibana.export("lain", ["lens"])


def test_what_is_there_already_is_a_conflict(kibana: Kibana) -> None:
    apply(kibana, ALIASES, Kept())
    with pytest.raises(Conflict, match="already exists"):
        kibana.send("POST", "/api/spaces/space", SPACE_BODY)


def test_one_object_that_kibana_refuses_is_named_and_the_next_run_goes_on(double: Double, kibana: Kibana) -> None:
    double.refuses[DASHBOARD] = {"type": "unknown", "message": "mapper_parsing_exception", "statusCode": 400}
    with pytest.raises(Refused, match=r"dashboard jaring-kinerja-opd: mapper_parsing_exception"):
        apply(kibana, ALIASES, Kept())
    double.refuses.clear()
    _, kept = apply(kibana, ALIASES, Kept())
    assert differences(kibana, ALIASES, kept) == []


def test_objects_without_their_data_views_are_refused(double: Double, kibana: Kibana) -> None:
    double.spaces[SPACE] = dict(SPACE_BODY)
    with pytest.raises(Refused, match=r"missing_references, dan \d+ lainnya"):
        kibana.load(SPACE, definitions(ALIASES).rest)


def test_what_kibana_says_it_took_and_did_not_is_noticed(double: Double, kibana: Kibana) -> None:
    double.forgets.add(DASHBOARD)
    with pytest.raises(Refused, match=DASHBOARD):
        apply(kibana, ALIASES, Kept())


def test_a_person_may_look_at_the_two_aliases_and_at_nothing_else(double: Double, kibana: Kibana) -> None:
    apply(kibana, ALIASES, Kept())
    for role in double.roles.values():
        (reads,) = role["elasticsearch"]["indices"]
        assert reads["names"] == [ALIASES.cases, ALIASES.tickets]
        assert set(reads["privileges"]) == {"read", "view_index_metadata"}
        assert role["elasticsearch"]["cluster"] == []
        (may,) = role["kibana"]
        assert may["spaces"] == [SPACE]
        assert {*may["base"], *(x for some in may["feature"].values() for x in some)} == {"read"}


@pytest.mark.parametrize("text", ["", "kibana:5601", "ftp://a:1", "http://:9", "http://a:b:c"])
def test_what_is_no_address_is_told(text: str) -> None:
    with pytest.raises(SettingsError, match="JARING_KIBANA_URL"):
        read_address(text)


def test_the_account_leaves_the_address() -> None:
    address = read_address("https://siapa:a%40b@kibana.contoh.id/kibana/")
    assert address.url == "https://kibana.contoh.id/kibana"
    assert address.authorization == "Basic c2lhcGE6YUBi"


def test_what_is_kept_survives_and_what_cannot_be_read_is_as_nothing(tmp_path: Path) -> None:
    kept = Kept({"a/b": "1"}, {"a/b": {"attributes": {"x": 1}}})
    write_kept(tmp_path / "x/kibana.json", kept)
    assert read_kept(tmp_path / "x/kibana.json") == kept
    assert [x.name for x in (tmp_path / "x").iterdir()] == ["kibana.json"]
    (tmp_path / "rusak.json").write_text("{")
    empty: Any = Kept()
    assert read_kept(tmp_path / "rusak.json") == read_kept(tmp_path / "tidak-ada.json") == empty
