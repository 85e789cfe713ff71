"""Who was absent, in the wordings of ledgers: 孙三秋 李四维, 孙三秋同志请病假, 1人：孙三秋(事假), 病假：孙三秋、李四维.

They are written anew as `absences` reads them; what names nobody of the roster stays as it stands, and is refused.
"""

import re
from collections.abc import Collection

from desktop.services.errors import InvalidInput, Named
from desktop.services.meetings.absences import IsMember, NamedAbsence, read_absences

_COUNT = re.compile(
    r"^\s*(?:请假|缺席|缺勤|未到|未参加|因事请假)?(?:人员|党员|同志)?\s*[:：]?\s*(?:共|有|计)?\s*\d+\s*人\s*[:：,，。]?\s*"
)
_GROUPED = re.compile(r"(?P<reason>[^:：（(]{1,12})[:：](?P<names>[^:：（(]+)", re.S)
_WITHOUT_REASON = re.compile(r"(?:请假|缺席|缺勤|未到会?|未参加)(?:人员|党员|同志|名单)?")
_DASHED = re.compile(r"(?P<name>[^\s\-－—–]+)\s*[\-－—–]+\s*(?P<reason>[^\-－—–]+)")
_BEFORE_REASON = re.compile(r"^(?:同志)?\s*(?:请(?=.*假)|因(?=.*假))?")
_BREAKS = re.compile(r"[；;\n]")
_BETWEEN = re.compile(r"[、，,\s]+")


def absences_in(text: str, field: Named, is_member: IsMember, names: Collection[str]) -> tuple[NamedAbsence, ...]:
    """Return the absent that a cell names, in this program's words or those of a ledger; `names` are of the roster.

    Raises:
        InvalidInput: whom a word speaks of, what digits mean or which day is meant is not certain.
    """
    refusal: InvalidInput | None = None
    found: tuple[NamedAbsence, ...] = ()
    try:
        found = read_absences(text, field, is_member)
        if all(absence.name.partition("（")[0] in names for absence in found):
            return found
    except InvalidInput as error:
        refusal = error
    anew = as_absences(text, names)
    if anew != text:
        return read_absences(anew, field, is_member)
    if refusal is not None:
        raise refusal
    return found


def as_absences(text: str, names: Collection[str]) -> str:
    """Return the cell `text` as `read_absences` reads it; `names` are those of the roster."""
    parts = [_segment(segment.strip(), names) for segment in _BREAKS.split(_COUNT.sub("", text, count=1))]
    return "；".join(part for part in parts if part)


def _segment(text: str, names: Collection[str]) -> str:
    grouped = _GROUPED.fullmatch(text)
    if grouped is not None and grouped["reason"].strip() not in names:
        people = [name for name in _BETWEEN.split(grouped["names"].strip()) if name]
        if people and all(_bare(name) in names for name in people):
            reason = grouped["reason"].strip()
            tail = (
                ""
                if _WITHOUT_REASON.fullmatch(reason) and "请假" not in reason
                else f"（{reason.removesuffix('人员')}）"
            )
            return "、".join(f"{_bare(name)}{tail}" for name in people)
    return "、".join(
        _person(part.strip(), names) for part in re.split(r"(?<!\d)[、，,](?![^（(]*[）)])", text) if part.strip()
    )


def _person(text: str, names: Collection[str]) -> str:
    if text in names:
        return text
    dashed = _DASHED.fullmatch(text)
    if dashed is not None and _bare(dashed["name"]) in names:
        return f"{_bare(dashed['name'])}（{dashed['reason'].strip()}）"
    pieces = text.split()
    if len(pieces) > 1 and all(_bare(piece) in names for piece in pieces):
        return "、".join(map(_bare, pieces))
    whole = "".join(pieces)
    if whole in names or re.search(r"[（(:：]", whole):
        return text
    name = max((name for name in names if whole.startswith(name)), key=len, default="")
    reason = _BEFORE_REASON.sub("", whole[len(name) :], count=1) if name else ""
    if not name:
        return text
    return f"{name}（{reason}）" if reason else name


def _bare(text: str) -> str:
    return text.strip().removesuffix("同志")
