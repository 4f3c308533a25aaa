"""Values of the page of quality in words: tasks, answers, models, thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from api.names import TASKS
from api.parts import Parts
from api.speech import N_, Speech
from desk.thresholds import Ground, Measured
from domain.labels import LabelTask
from domain.quality.coverage import ENOUGH
from domain.quality.lessons import COMPLAINT, NOBODY

TITLES: Final[Mapping[str, str]] = {
    LabelTask.OPD.value: N_("OPD"),
    COMPLAINT: N_("Aduan atau bukan"),
    **{task.value: title for task, title in TASKS.items() if task is not LabelTask.OPD},
}
COMPLAINTS: Final = {"aduan": N_("aduan"), "bukan_aduan": N_("bukan aduan")}


def value_words(parts: Parts, region: str, task: str, value: str, says: Speech) -> str:
    """An answer to a task in words."""
    if task == COMPLAINT:
        return says.say(COMPLAINTS.get(value, value))
    if value == NOBODY:
        return says.say("belum ada yang menerima") if task == LabelTask.OPD.value else says.say("tidak ada")
    if task == LabelTask.PLACE.value:
        profile = parts.profile(region)
        return profile.areas[value].name if profile and value in profile.areas else value
    if task == LabelTask.RELEVANCE.value:
        return says.say("ya") if float(value) >= 0.5 else says.say("tidak")  # noqa: PLR2004  the middle
    return parts.names.of(task, value, says)


def exact(p: float, says: Speech) -> str:
    """A threshold as it is typed: up to three digits."""
    told = f"{p:.3f}".rstrip("0").rstrip(".")
    return told.replace(".", ",") if says.lang == "id" else told


def percent(share: float, says: Speech) -> str:
    """A share in whole percent; never all or nothing unless it is."""
    whole = round(share * 100)
    whole = min(whole, 99) if share < 1 else whole
    whole = max(whole, 1) if share > 0 else whole
    return says.say("%(n)s %%", n=whole)


def threshold_words(found: Measured, says: Speech) -> str:
    """From which probability on a machine may route here, and what that stands on."""
    if found.ground is Ground.DEFAULT:
        return says.say(
            "Ambang hati-hati %(p)s, dari wilayah lain: wilayah ini baru punya %(n)s dari %(enough)s jawaban.",
            p=exact(found.sure or 1, says), n=says.number(found.answers), enough=ENOUGH,
        )  # fmt: skip
    asked = says.number(len(found.pairs))
    if found.sure is None or found.point is None:
        return says.say("Dari %(n)s jawaban belum ada ambang yang cukup tepat: biarkan petugas memutuskan.", n=asked)
    told = (
        N_(
            "Ambang terukur %(p)s: %(share)s kiriman akan langsung ke OPD, "
            "%(right)s di antaranya benar (%(n)s jawaban)."
        )
        if found.ground is Ground.ANSWERS
        else N_(
            "Ambang terukur %(p)s: %(share)s kiriman akan langsung ke OPD, %(right)s di antaranya benar "
            "(%(n)s tiket yang tidak dipelajari model)."
        )
    )
    return says.say(
        told, p=exact(found.sure, says), share=percent(found.point.coverage, says),
        right=percent(found.point.precision, says), n=asked,
    )  # fmt: skip
