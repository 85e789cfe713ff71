"""The cells of a meeting workbook: who was absent, what was said, how was voted, who does what by when.

Each reader understands what people write; each writer writes what its reader reads back.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from desktop.models.meetings import AgendaItem, Speech
from desktop.services.errors import InvalidInput, Named
from desktop.services.meetings.rows import VoteDraft
from desktop.services.spreadsheets.dates import parse_date
from desktop.services.spreadsheets.text import is_blank, parse_text, plain

_ROWS = re.compile(r"[\n；;]")
_PARTS = re.compile(r"[|｜]")
_OPEN, _CLOSE = "（(【[", "）)】]"
# The last digits of an ID number in brackets belong to the name (张伟（1234））; what stands in other brackets is why.
_WITH_REASON = re.compile(
    r"(?P<name>[^（(【\[）)】\]:：]+)(?P<tail>[（(]\d{3}[\dXx][）)])?\s*[（(【\[](?P<reason>(?!\d{3}[\dXx][）)]$).*)[）)】\]]",
    re.S,
)
_MAKE_UP = re.compile(r"^(?P<reason>.*?)[，,、]?\s*(?P<on>[\d年月日./\-]+)(?:已)?(?:补课|补学)$", re.S)
_NUMBER = r"\s*[:：为]?\s*(\d+)\s*[人票名]?"
_COUNTS: Mapping[str, re.Pattern[str]] = {
    "due": re.compile(rf"应到会?(?:有(?:表决|选举)权)?(?:的?党员|人数|党员人数)?{_NUMBER}"),
    "present": re.compile(rf"实到会?(?:有(?:表决|选举)权)?(?:的?党员|人数|党员人数)?{_NUMBER}"),
    "no": re.compile(rf"(?:不赞成|不同意|反对)(?:票|人数)?{_NUMBER}"),
    "yes": re.compile(rf"(?:赞成|同意)(?:票|人数)?{_NUMBER}"),
    "abstain": re.compile(rf"弃权(?:票|人数)?{_NUMBER}"),
}
# A vote as this program writes it: whatever its subject holds, the numbers stand after the last colon.
_WRITTEN = re.compile(
    r"(?:(?P<subject>.*)：)?(?=.)(?:未记人数|(?:应到(?P<due>\d+))?(?:，?实到(?P<present>\d+))?(?:，?赞成(?P<yes>\d+))?"
    r"(?:，?反对(?P<no>\d+))?(?:，?弃权(?P<abstain>\d+))?)(?:，?(?P<result>未?通过))?"
)
_FAILED = re.compile(r"未(?:获)?(?:通过|当选)|没有通过|不通过|不予通过")
_CARRIED = re.compile(r"通过|当选")


@dataclass(frozen=True, slots=True)
class NamedAbsence:
    """An absent person by name, before the roster says who it is."""

    name: str
    reason: str = ""
    make_up_on: date | None = None


@dataclass(frozen=True, slots=True)
class NamedAction:
    """An action item whose owners are names."""

    what: str
    owners: tuple[str, ...] = ()
    due_on: date | None = None
    done_on: date | None = None
    result: str = ""


def _outside_brackets(text: str, marks: str) -> list[str]:
    """Split `text` at `marks`, but not inside brackets."""
    parts, depth, start = [], 0, 0
    for at, mark in enumerate(text):
        if mark in _OPEN:
            depth += 1
        elif mark in _CLOSE:
            depth = max(0, depth - 1)
        elif depth == 0 and mark in marks:
            parts.append(text[start:at])
            start = at + 1
    parts.append(text[start:])
    return [part.strip() for part in parts if part.strip()]


def read_absences(value: object, field: Named) -> tuple[NamedAbsence, ...]:
    """Read 张三（病假）；李四（公差，2026-03-20补课）；王五: with a reason it is leave, without one absence."""
    text = parse_text(value, field)
    found: list[NamedAbsence] = []
    for part in _outside_brackets(text, "；;，,、\n"):
        if is_blank(part) or part in ("全勤", "全部到会", "无缺席"):
            continue
        named = _WITH_REASON.fullmatch(part)
        name, reason = (f"{named['name']}{named['tail'] or ''}", named["reason"].strip()) if named else (part, "")
        if named is None and (said := re.fullmatch(r"([^:：]+)[:：](.*)", part, re.S)):
            name, reason = said[1].strip(), said[2].strip()
        if reason.startswith(("均", "都", "皆")) and found and not found[-1].reason:
            raise InvalidInput(field, f"“{part}”中“{reason[0]}”指哪几人不清楚，请逐人注明原因")
        found.append(_absence(name, reason, field))
    return tuple(found)


def _absence(name: str, reason: str, field: Named) -> NamedAbsence:
    made_up = _MAKE_UP.match(reason)
    if made_up is None:
        return NamedAbsence(name, reason)
    return NamedAbsence(name, made_up["reason"].strip("，,、 "), parse_date(made_up["on"], field))


def write_absences(absences: Sequence[NamedAbsence]) -> str:
    """Write absences so that they read back."""
    parts = []
    for one in absences:
        told = [re.sub(r"\s+", " ", _balanced(one.reason))] if one.reason else []
        if one.make_up_on:
            told.append(f"{one.make_up_on}补课")
        parts.append(f"{one.name}（{'，'.join(told)}）" if told else one.name)
    return "；".join(parts)


def _balanced(text: str) -> str:
    """Return a reason whose brackets close, so that the next name is not swallowed."""
    depth = 0
    for mark in text:
        depth += (mark in _OPEN) - (mark in _CLOSE)
        if depth < 0:
            break
    return text if depth == 0 else text.translate({ord(mark): None for mark in _OPEN + _CLOSE})


def read_speeches(value: object, field: Named, is_member: Callable[[str], str | None]) -> tuple[Speech, ...]:
    """Read 谁：内容；谁：内容. `is_member` returns the id of a name on the roster of that day.

    A part that names nobody before a colon belongs to the one before it.
    """
    text = parse_text(value, field)
    found: list[Speech] = []
    for part in re.split(r"[；;\n](?=[^：:；;\n，。,]{2,30}[：:])", text):
        content = part.strip("；; \n")
        named = re.match(r"([^：:；;\n，。,、“”]{2,30})[：:]\s*(.*)", content, re.S)
        if named:
            found.append(Speech(named[1].strip(), named[2].strip(), is_member(named[1].strip())))
        elif content:
            found.append(Speech("", content, None))
    return tuple(found)


def write_speeches(speeches: Sequence[Speech]) -> str:
    """Write speeches so that they read back."""
    return "；\n".join(f"{one.name}：{one.text}" if one.name else one.text for one in speeches)


def read_votes(value: object, field: Named) -> tuple[VoteDraft, ...]:
    """Read 应到29，实到27，赞成26，反对0，弃权1，通过; one vote per line, its subject before a colon."""
    text = parse_text(value, field)
    return tuple(_vote(part, field) for part in filter(None, (line.strip() for line in _vote_lines(text))))


def _vote(part: str, field: Named) -> VoteDraft:
    written = _WRITTEN.fullmatch(part)
    if written:
        numbers = {name: int(written[name]) if written[name] else None for name in _COUNTS}
        told = None if written["result"] is None else written["result"] == "通过"
        return VoteDraft("", (written["subject"] or "").strip(), **numbers, declared_passed=told)  # type: ignore[arg-type]
    counts: dict[str, int] = {}
    rest = plain(part)
    start = len(rest)
    for name, pattern in _COUNTS.items():
        matches = list(pattern.finditer(rest))
        if len(matches) > 1:
            raise InvalidInput(field, f"“{part}”中同一项数字写了两次，多次表决请分行写")
        if matches:
            counts[name] = int(matches[0][1])
            start = min(start, matches[0].start())
            rest = rest[: matches[0].start()] + "#" * len(matches[0][0]) + rest[matches[0].end() :]
    if not counts:
        raise InvalidInput(field, f"“{part}”看不出表决人数，请写成“应到29，实到27，赞成26，反对0，弃权1”")
    subject, result = rest[:start].strip(" ,:，："), rest[start:]
    left = re.sub(r"[#\s,，;。.:：、]|未?(?:获)?通过|未?当选|没有|表决|结果|无记名|投票|有效|票", "", result)
    if re.search(r"\d", left):
        raise InvalidInput(field, f"“{part}”中有看不懂的数字")
    passed = False if _FAILED.search(result) else True if _CARRIED.search(result) else None
    return VoteDraft("", subject, **counts, declared_passed=passed)  # type: ignore[arg-type]


def _vote_lines(text: str) -> list[str]:
    """Split several votes: at line breaks, or at ；before another 应到."""
    return re.split(r"\n|[；;](?=[^；;\n]*应到)", text)


def write_votes(votes: Sequence[VoteDraft]) -> str:
    """Write votes so that they read back."""
    lines = []
    for one in votes:
        told = [
            f"{label}{count}"
            for label, count in (
                ("应到", one.due),
                ("实到", one.present),
                ("赞成", one.yes),
                ("反对", one.no),
                ("弃权", one.abstain),
            )
            if count is not None
        ]
        told = told or ["未记人数"]
        if one.declared_passed is not None:
            told.append("通过" if one.declared_passed else "未通过")
        subject = _one_line(one.subject)
        lines.append((f"{subject}：" if subject else "") + "，".join(told))
    return "\n".join(lines)


def declared_by(resolution: str) -> tuple[bool, str] | None:
    """Return the result of a vote that the words of a resolution declare, and the words; None if they declare none."""
    refusing = re.search(r"不同意|未获通过|未通过|不予|暂不|暂缓", resolution)
    if refusing:
        return False, refusing[0]
    carrying = re.search(r"同意|通过|当选", resolution)
    return (True, carrying[0]) if carrying else None


def read_actions(value: object, field: Named) -> tuple[NamedAction, ...]:
    """Read 事项|责任人|期限|完成日期|结果; several by line breaks or ；."""
    found = []
    for number, line in enumerate(filter(None, map(str.strip, _ROWS.split(parse_text(value, field)))), start=1):
        parts = [part.strip() for part in _PARTS.split(line)]
        if len(parts) > 5:
            raise InvalidInput(field, f"第{number}项有{len(parts)}段，应为“事项|责任人|期限”")
        what, who, when, done, result = parts + [""] * (5 - len(parts))
        if not what:
            raise InvalidInput(field, f"第{number}项没有写事项")
        owners = () if is_blank(who) else tuple(filter(None, re.split(r"[、，,/]", who)))
        found.append(
            NamedAction(
                what,
                tuple(owner.strip() for owner in owners),
                None if is_blank(when) else parse_date(when, field),
                None if is_blank(done) else parse_date(done, field),
                result,
            )
        )
    return tuple(found)


def write_actions(actions: Sequence[NamedAction]) -> str:
    """Write action items so that they read back."""
    lines = []
    for one in actions:
        parts = [
            _one_line(one.what),
            "、".join(one.owners),
            one.due_on.isoformat() if one.due_on else "",
            one.done_on.isoformat() if one.done_on else "",
            _one_line(one.result),
        ]
        while not parts[-1]:
            parts.pop()
        lines.append("|".join(parts))
    return "\n".join(lines)


def read_agenda(value: object, field: Named) -> tuple[AgendaItem, ...]:
    """Read 议题|讨论情况|决议; one item per line."""
    found = []
    for number, line in enumerate(filter(None, map(str.strip, parse_text(value, field).split("\n"))), start=1):
        parts = [part.strip() for part in _PARTS.split(line)]
        if len(parts) > 3:
            raise InvalidInput(field, f"第{number}项有{len(parts)}段，应为“议题|讨论情况|决议”")
        found.append(AgendaItem(*parts))
    return tuple(found)


def write_agenda(agenda: Sequence[AgendaItem]) -> str:
    """Write the agenda so that it reads back."""
    lines = []
    for one in agenda:
        parts = [_one_line(one.title), _one_line(one.content), _one_line(one.resolution)]
        while len(parts) > 1 and not parts[-1]:
            parts.pop()
        lines.append("|".join(parts))
    return "\n".join(lines)


def _one_line(text: str) -> str:
    """Return free text as part of a line: its own breaks and separators become similar marks."""
    return (
        re.sub(r"\s+", " ", text).strip().replace("|", "／").replace("｜", "／").replace("；", "，").replace(";", "，")
    )
