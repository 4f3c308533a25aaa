"""What a validation error means, in words that whoever wrote the file, line or setting can act on."""

from __future__ import annotations

from pydantic_core import ErrorDetails

_FIXED = {
    "missing": "{key} wajib diisi",
    "extra_forbidden": "kunci {key} tidak dikenal",
    "bool_type": "{key} harus true atau false",
    "bool_parsing": "{key} harus true atau false",
    "int_parsing": "{said} bukan bilangan bulat",
    "int_type": "{said} bukan bilangan bulat",
    "float_parsing": "{said} bukan bilangan",
    "float_type": "{said} bukan bilangan",
    "string_type": "{said} harus berupa teks dalam tanda petik",
    "string_too_long": "{key} terlalu panjang",
    "string_too_short": "{key} terlalu pendek",
    "too_short": "{key} tidak boleh kosong",
    "tuple_type": "{key} harus berupa daftar [ ... ]",
    "list_type": "{key} harus berupa daftar [ ... ]",
    "dict_type": "{key} harus berupa tabel",
    "model_type": "{key} harus berupa tabel",
    "timezone_aware": "{said} harus menyebut zona waktunya, misalnya +08:00",
}


def describe(error: ErrorDetails, *, values: bool = True) -> str:
    """One error as Indonesian words that name key and value; without `values` where one may be private."""
    kind, context = error["type"], error.get("ctx", {})
    names = [str(part) for part in error["loc"] if part != "[key]"]
    key = ".".join(names) or "isinya"
    said = f"{key} = {error['input']!r}" if values else key
    if kind in _FIXED:
        return _FIXED[kind].format(key=key, said=said)
    if kind.startswith("datetime_"):
        return f"{said} bukan waktu (2026-01-31T07:30:00+08:00)"
    if kind.startswith(("date_", "time_")):
        return f"{said} bukan {'tanggal (2026-01-31)' if kind.startswith('date') else 'jam (07:30)'}"
    if kind == "literal_error":
        return f"{said}: pilih salah satu dari {context.get('expected')}"
    if kind == "string_pattern_mismatch":
        return f"{said} tidak berbentuk {context.get('pattern')}"
    if kind in {"greater_than_equal", "less_than_equal"}:
        limit = context.get("ge", context.get("le"))
        return f"{said} di luar batas ({'paling kecil' if 'ge' in context else 'paling besar'} {limit})"
    if kind == "value_error":
        return f"{key}: {context.get('error', error['msg'])}"
    return f"{said} tidak dapat dipakai ({error['msg']})"
