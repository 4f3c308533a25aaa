"""A region's deadlines: one entry, its fields, and the edit that a corrected form makes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, get_args

from api.administration.regions.entries import Told
from api.administration.regions.fields import Spec
from api.speech import N_, Speech
from domain.regions import RegionEdit, RegionProfile
from domain.regions.edits import WHOLE
from domain.regions.worktime import ClassName, Kind

KINDS: Final = {
    "permintaan_informasi": N_("permintaan informasi"), "aspirasi": N_("aspirasi"), "pengaduan": N_("pengaduan"),
    "pengawasan": N_("pengaduan berkadar pengawasan"),
}  # fmt: skip
CLASSES: Final = {
    "biasa": N_("topik biasa"), "cepat": N_("topik cepat"), "darurat": N_("topik darurat"),
    "pengawasan": N_("topik pengawasan"),
}  # fmt: skip


def deadlines(_profile: RegionProfile, says: Speech) -> list[Told]:
    """The one entry there is."""
    return [(WHOLE, says.say("Tenggat"), "")]


def standing(profile: RegionProfile, _key: str) -> Mapping[str, Any]:
    """Working days by the field's name."""
    sla = profile.sla
    values: dict[str, Any] = {"verify": sla.verify, "response": sla.response, "auto_close": sla.auto_close}
    values |= {f"kind.{kind}": days for kind, days in sla.kind.items()}
    for name, one in sla.classes.items():
        values |= {f"classes.{name}.response": one.response, f"classes.{name}.resolve": one.resolve}
    return values


def fields() -> tuple[Spec, ...]:
    """Those of every ticket, then one for each kind, then two for each class of topics."""
    first = (
        Spec("verify", N_("Verifikasi dan disposisi"), "whole", required=True),
        Spec("response", N_("Tanggapan pertama OPD"), "whole", required=True),
        Spec("auto_close", N_("Selesai sendiri tanpa balasan"), "whole", required=True),
    )
    kinds = (Spec(f"kind.{kind}", KINDS[kind], "whole", required=True) for kind in get_args(Kind))
    classes = (
        Spec(f"classes.{name}.{days}", CLASSES[name], "whole", hint=hint, required=True)
        for name in get_args(ClassName)
        for days, hint in (("response", N_("tanggapan")), ("resolve", N_("selesai")))
    )
    return (*first, *kinds, *classes)


def edit(profile: RegionProfile, typed: Mapping[str, Any]) -> RegionEdit | None:
    """What typed deadlines change; None when they change nothing."""
    changed: dict[str, Any] = {}
    was = standing(profile, WHOLE)
    for name, value in typed.items():
        if value == was[name]:
            continue
        table, _, rest = name.partition(".")
        if not rest:
            changed[name] = value
        elif table == "kind":
            changed.setdefault("kind", {})[rest] = value
        else:
            topic_class, _, days = rest.partition(".")
            changed.setdefault("classes", {}).setdefault(topic_class, {})[days] = value
    return RegionEdit("sla", WHOLE, _with_standing(profile, changed)) if changed else None


def _with_standing(profile: RegionProfile, fields: dict[str, Any]) -> dict[str, Any]:
    """Whole tables instead of single days: a later edit of one day must not forget what an earlier one set."""
    sla = profile.sla
    if "kind" in fields:
        fields["kind"] = {**sla.kind, **fields["kind"]}
    if "classes" in fields:
        fields["classes"] = {
            name: {"response": one.response, "resolve": one.resolve, **fields["classes"].get(name, {})}
            for name, one in sla.classes.items()
        }
    return fields
