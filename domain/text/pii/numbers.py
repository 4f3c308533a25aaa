"""NIK, KK, phone and bank account numbers: told apart by shape, by what is valid, and by the nearest word before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from domain.labels import PiiKind
from domain.text.pii.found import PiiFound
from domain.text.pii.runs import Group, runs

NIK_DIGITS = 16
_CUE_REACH = 60  # code points: "rekening Bank NTB Syariah atas nama Ibu Baiq Nurhasanah 123..."
_NEAR_CUE = 16
_ACCOUNT_DIGITS = range(8, 19)
_PROVINCE_CODES = (
    "11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 51 52 53 61 62 63 64 65 71 72 73 74 75 76 81 82"
    " 91 92 93 94 95 96 97"
)
_PROVINCES = frozenset(_PROVINCE_CODES.split())

_CUES = re.compile(
    r"""(?P<kk>\bkk|\bkartu\ keluarga)(?![a-z])
    | (?P<nik>\bnik|\be?-?ktp|\bkependudukan|\bidentitas)(?![a-z])
    | (?P<account>\b(?:no)?rek(?:ening)?|\b(?:bri|bca|bni|bsi|btpn|mandiri|bank|ovo|gopay|go-pay|shopeepay|linkaja
        |seabank|atm|virtual\ account|kks|kartu\ debit|no(?:mor)?\.?\ kartu)|\bdana(?=[\ :.\-]{0,3}[0-9o]))(?![a-z])
    | (?P<phone>\b(?:no\.?\ ?)?(?:hp|hape|wa|whatsapp|whatsap|handphone|telp|tlp|tlpn|telpon|telepon|telfon|phone|sms
        |call(?:\ back)?|hub|hubungi|dihubungi|kontak|contact|cp|narahubung|fax|fast\ respon))(?![a-z])""",
    re.IGNORECASE | re.VERBOSE,
)
_MONEY_BEFORE = re.compile(r"(?:rp|idr|usd)\.?\s?$", re.IGNORECASE)
_MONEY_AFTER = re.compile(r"\s?(?:rupiah|juta|jt|ribu|rb|miliar|milyar)\b", re.IGNORECASE)
_BANK_AFTER = re.compile(r"\s?[(\-/]?\s?(?:bri|bca|bni|bsi|mandiri|bank\s)\b", re.IGNORECASE)
_KK_AFTER = re.compile(r"\s?\(\s?(?:no\.? ?)?kk\b", re.IGNORECASE)
_MOBILE = re.compile(r"(?:0|62|620|0062)(8[1-9]\d{7,10})")
_MOBILE_HEAD = re.compile(r"08[1-9]\d?")
_MOBILE_BARE = re.compile(r"8[1-9]\d{8,10}")
_AREA = re.compile(r"0(?:21|22|24|31|61|2[3-9]\d|3[1-9]\d|4\d\d|5[1-9]\d|6[2-9]\d|7[1-9]\d|9[0-9]\d)")
_ABROAD = re.compile(r"(?!62)[1-9]\d{8,14}")
_FREE_CALL = ("0800", "0804", "0807", "0809")  # shared by everybody who calls: nobody's own
_MOST_GROUPS = 18  # no number has more digits than that, and each group has one at least
_USUAL_MOBILE = 12  # digits; a spaced group beyond them is rather the next number


def find_numbers(text: str) -> Iterator[PiiFound]:
    """Yield the personal numbers of a text in order, without overlap."""
    cues = [(m.end(), m.lastgroup or "") for m in _CUES.finditer(text)]
    for run in runs(text):
        at = 0
        while at < len(run):
            used, found = _number_at(text, run[at : at + _MOST_GROUPS], cues)
            if found:
                yield found
            at += used


def _number_at(text: str, groups: Sequence[Group], cues: Sequence[tuple[int, str]]) -> tuple[int, PiiFound | None]:
    """Say how many groups the number takes that begins a run, and what it is."""
    start = groups[0].start
    cue, distance = _cue_before(start, cues)
    money = bool(_MONEY_BEFORE.search(text[max(0, start - 6) : start]))
    used = _take(groups, NIK_DIGITS)
    if used:
        kind = _identity(text, groups[:used], cue)
        if kind:
            return used, _found(kind, groups[:used], "".join(g.digits for g in groups[:used]))
    if cue == "nik" and distance <= _NEAR_CUE and abs(len(groups[0].digits) - NIK_DIGITS) == 1:
        return 1, _found(PiiKind.NIK, groups[:1], groups[0].digits)
    if money:
        return len(groups), None
    if cue == "account" or _BANK_AFTER.match(text, groups[-1].end):
        used = _account(text, groups)
        if used:
            return used, _found(PiiKind.ACCOUNT, groups[:used], "".join(g.digits for g in groups[:used]))
    used, number = _phone(text, groups, cued=cue == "phone", near=cue == "phone" and distance <= _NEAR_CUE)
    if used:
        return used, PiiFound(PiiKind.PHONE, _sign_before(text, groups[:used]), groups[used - 1].end, number)
    return 1, None


def _found(kind: PiiKind, groups: Sequence[Group], value: str) -> PiiFound:
    return PiiFound(kind, groups[0].start, groups[-1].end, value)


def _sign_before(text: str, groups: Sequence[Group]) -> int:
    """Return where a phone number begins with its plus sign and the bracket that it closes inside."""
    start = groups[0].start
    start -= text[start - 1 : start] == "+"
    return start - (text[start - 1 : start] == "(" and any(")" in g.gap for g in groups))


def _cue_before(start: int, cues: Sequence[tuple[int, str]]) -> tuple[str, int]:
    """Return the nearest cue that ends before a position and how far it is; empty when none is in reach."""
    for end, name in reversed(cues):
        if end <= start:
            return (name, start - end) if start - end <= _CUE_REACH else ("", 0)
    return "", 0


def _take(groups: Sequence[Group], digits: int) -> int:
    """Return how many groups make exactly that many digits, 0 if none do."""
    total = 0
    for n, group in enumerate(groups, 1):
        total += len(group.digits)
        if total >= digits:
            return n if total == digits else 0
    return 0


def _identity(text: str, groups: Sequence[Group], cue: str) -> PiiKind | None:
    """Say whether 16 digits are an identity number, a family card's, or a bank card's."""
    digits = "".join(g.digits for g in groups)
    if cue == "account":
        return PiiKind.ACCOUNT
    if cue == "kk" or _KK_AFTER.match(text, groups[-1].end):
        return PiiKind.KK
    loose = min(len(g.digits) for g in groups) == 1  # "1 2 3 ..." counts something
    return PiiKind.NIK if cue == "nik" or (plausible_nik(digits) and not loose) else None


def plausible_nik(digits: str) -> bool:
    """Say whether 16 digits can be a NIK: a province, a kecamatan, and a day (+40 for women) and month of birth."""
    day, month = int(digits[6:8]) % 40, int(digits[8:10])
    return (
        digits[:2] in _PROVINCES
        and digits[2:4] != "00"
        and digits[4:6] != "00"
        and int(digits[6:8]) <= 71  # noqa: PLR2004  31 + 40
        and 1 <= day <= 31  # noqa: PLR2004
        and 1 <= month <= 12  # noqa: PLR2004
    )


def _account(text: str, groups: Sequence[Group]) -> int:
    """Return how many groups make an account number after a word that announces one; 0 for money and dates."""
    written = text[groups[0].start : groups[-1].end]
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+|\d{1,2}[-./ ]\d{1,2}[-./ ]\d{4}", written):
        return 0
    if _MONEY_AFTER.match(text, groups[-1].end):
        return 0
    total = 0
    best = 0
    for n, group in enumerate(groups, 1):
        if n > 1 and group.gap.isspace() and total in _ACCOUNT_DIGITS and _may_be_the_next(groups[:n]):
            break
        total += len(group.digits)
        best = n if total in _ACCOUNT_DIGITS else best
    return best


def _may_be_the_next(groups: Sequence[Group]) -> bool:
    """Say whether a short last group is rather the next number: not after fours ("1234 5678 90"), nor after pairs."""
    sizes = [len(g.digits) for g in groups]
    return sizes[-1] <= 2 and min(sizes[:-1]) > 2 and set(sizes[:-1]) != {4}  # noqa: PLR2004


def _phone(text: str, groups: Sequence[Group], *, cued: bool, near: bool) -> tuple[int, str]:
    """Return how many groups make a phone number, and the number with its leading 0 (abroad: with +)."""
    plus = text[max(0, groups[0].start - 1) : groups[0].start] == "+"
    bracketed = len(groups) > 1 and ")" in groups[1].gap
    best, number = 0, ""
    digits = ""
    for n, group in enumerate(groups, 1):
        digits += group.digits
        sizes = [len(g.digits) for g in groups[:n]]
        pairs = max(sizes) <= 2 or _spelt_out(groups[0], sizes)  # noqa: PLR2004  "08 19 07 55 ..."
        if best and not pairs and (sizes[-1] < 3 or (group.gap.isspace() and len(digits) > _USUAL_MOBILE)):  # noqa: PLR2004
            break
        if not (plus or pairs or bracketed) and min(sizes[1:-1], default=3) < 3:  # noqa: PLR2004  "08-12-2023 ..."
            continue
        told = _told(groups[:n], digits, plus=plus, cued=cued)
        if told:
            best, number = n, told
    if not best and near and len(groups[0].digits) in range(6, 9) and groups[0].digits[0] not in "01":
        return 1, groups[0].digits
    return best, number


def _spelt_out(first: Group, sizes: Sequence[int]) -> bool:
    """Say whether a mobile prefix is followed by groups as people dictate: "0819 1 234 567", "081 9 1234 5 678"."""
    return bool(_MOBILE_HEAD.fullmatch(first.digits)) and min(sizes[1:], default=3) < 3  # noqa: PLR2004


def _told(groups: Sequence[Group], digits: str, *, plus: bool, cued: bool) -> str:
    """Return the normal form of a phone number, empty when the digits are none."""
    if mobile := _MOBILE.fullmatch(digits):
        thousands = not plus and not cued and digits.startswith("62") and all(g.gap == "." for g in groups[1:])
        return "" if thousands and len(groups) > 2 else "0" + mobile[1]  # noqa: PLR2004  "62.812.345.678" is an amount
    if digits.startswith(_FREE_CALL):
        return ""
    if plus:
        home = re.fullmatch(r"62([2-79]\d{7,10})", digits)
        return "0" + home[1] if home else "+" + digits if _ABROAD.fullmatch(digits) else ""
    if cued and _MOBILE_BARE.fullmatch(digits):
        return "0" + digits
    area = groups[0].digits
    if len(groups) > 1 and (_AREA.fullmatch(area) or (cued and re.fullmatch(r"0[2-79]\d{1,2}", area))):
        bracketed = ")" in groups[1].gap
        whole = bracketed or len(groups[1].digits) > 2  # noqa: PLR2004  "0370 12 ..." counts something
        return digits if 5 <= len(digits) - len(area) <= 8 and whole else ""  # noqa: PLR2004
    return digits if cued and len(groups) == 1 and re.fullmatch(r"0[2-79]\d{7,10}", digits) else ""
