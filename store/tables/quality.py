"""What the machine said before people spoke, and how each region's probabilities are bent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Named, Table, Text, TypedColumns, UniqueConstraint

from store.tables.base import metadata
from store.types import Key, Serial, UtcTime


class MachineAnswerColumns(TypedColumns):
    """The machine's answer to a task, as it stood when a person first spoke or a ticket was given by itself.

    Rows are only ever added: a later reading of the post does not change what had been said.
    """

    case_id: Named[str] = Column(Key, ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    task: Named[str] = Column(Key, primary_key=True)
    value: Named[str] = Column(Text)  # empty: it had none
    p: Named[float | None]
    by: Named[str] = Column(Text)
    guided: Named[bool]  # a person had corrected something that this answer follows from
    at: Named[datetime] = Column(UtcTime())


machine_answers = Table("machine_answers", metadata, MachineAnswerColumns)


class CalibrationColumns(TypedColumns):
    """A fit of a region's routing probabilities: the newest of a region counts."""

    id: Named[int] = Column(Serial, primary_key=True)
    region: Named[str] = Column(Key)
    name: Named[str] = Column(Key)
    slope: Named[float]
    shift: Named[float]
    error_before: Named[float]
    error_after: Named[float]
    pairs: Named[str] = Column(Text)  # JSON: [calibrated p, right], of tickets that the model had not learnt
    by: Named[str] = Column(Key)
    at: Named[datetime] = Column(UtcTime())


calibrations = Table("calibrations", metadata, CalibrationColumns, UniqueConstraint("region", "name"))
