"""Validation errors as sentences: which key, what is wrong, and the value only where it cannot be private."""

from __future__ import annotations

import pytest
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, field_validator

from domain.wording import describe


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid")
    text: str = Field(max_length=20)
    port: int = 1
    names: tuple[str, ...] = ("a",)
    at: AwareDatetime | None = None

    @field_validator("text")
    @classmethod
    def _quiet(cls, value: str) -> str:
        if "!" in value:
            raise ValueError("tanda seru tidak diterima")
        return value


def fault(values: bool = True, **fields: object) -> str:  # noqa: FBT002  a test's shorthand
    with pytest.raises(ValidationError) as caught:
        Form.model_validate(fields)
    return describe(caught.value.errors()[0], values=values)


def test_a_fault_is_said_in_indonesian_with_its_key() -> None:
    assert fault() == "text wajib diisi"
    assert fault(text="a", foo=1) == "kunci foo tidak dikenal"
    assert fault(text="a", port="abc") == "port = 'abc' bukan bilangan bulat"
    assert fault(text="wah!") == "text: tanda seru tidak diterima"
    assert fault(text="a", at="2026-11-01T10:00:00").endswith("harus menyebut zona waktunya, misalnya +08:00")


def test_a_private_value_stays_out_of_the_sentence() -> None:
    for sentence in (
        fault(values=False, text=5201010101010001),
        fault(values=False, text="nik 5201010101010001 rusak"),
        fault(values=False, text="a", at="5201010101010001 x"),
    ):
        assert "5201" not in sentence
