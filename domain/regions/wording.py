"""What a validation error means, in a sentence an operator of a region can act on."""

from __future__ import annotations

from pydantic_core import ErrorDetails

_FIXED = {
    "missing": "{key} wajib diisi",
    "extra_forbidden": "kunci {key} tidak dikenal",
    "bool_type": "{key} harus true atau false",
    "bool_parsing": "{key} harus true atau false",
    "int_parsing": "{key} = {value} bukan bilangan bulat",
    "int_type": "{key} = {value} bukan bilangan bulat",
    "float_parsing": "{key} = {value} bukan bilangan",
    "float_type": "{key} = {value} bukan bilangan",
    "string_type": "{key} = {value} harus berupa teks dalam tanda petik",
    "string_too_short": "{key} terlalu pendek",
    "tuple_type": "{key} harus berupa daftar [ ... ]",
    "list_type": "{key} harus berupa daftar [ ... ]",
    "dict_type": "{key} harus berupa tabel",
    "model_type": "{key} harus berupa tabel",
}


def describe(error: ErrorDetails) -> str:
    """One error as an Indonesian sentence that names the key and the value."""
    kind, context = error["type"], error.get("ctx", {})
    names = [str(part) for part in error["loc"] if part != "[key]"]
    key, value = ".".join(names) or "isi berkas", repr(error["input"])
    if kind in _FIXED:
        return _FIXED[kind].format(key=key, value=value)
    if kind.startswith(("date_", "time_")):
        return f"{key} = {value} bukan {'tanggal (2026-01-31)' if kind.startswith('date') else 'jam (07:30)'}"
    if kind == "literal_error":
        return f"{key} = {value}: pilih salah satu dari {context.get('expected')}"
    if kind == "string_pattern_mismatch":
        return f"{key} = {value} tidak berbentuk {context.get('pattern')}"
    if kind in {"greater_than_equal", "less_than_equal"}:
        limit = context.get("ge", context.get("le"))
        return f"{key} = {value} di luar batas ({'paling kecil' if 'ge' in context else 'paling besar'} {limit})"
    return f"{key}: {error['msg']}"
