"""The cells of a meeting workbook that hold several things: votes, action items, the agenda.

Each reader understands what people write; each writer writes what its reader reads back.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from desktop.models.meetings import AgendaItem
from desktop.services.errors import InvalidInput, Named
from desktop.services.meetings.rows import VoteDraft
from desktop.services.quoting import clean, quoted
from desktop.services.spreadsheets.dates import parse_date
from desktop.services.spreadsheets.lines import join_lines, join_parts, piece, split_lines, split_parts
from desktop.services.spreadsheets.text import is_blank, parse_text, plain

_NUMBER = r"\s*[:：为]?\s*(\d+)\s*[人票名份]?"
_COUNTS: Mapping[str, re.Pattern[str]] = {
    "due": re.compile(rf"应到会?(?:有(?:表决|选举)权)?(?:的?党员|人数|党员人数)?{_NUMBER}"),
    "present": re.compile(rf"实到会?(?:有(?:表决|选举)权)?(?:的?党员|人数|党员人数)?{_NUMBER}"),
    "written_yes": re.compile(rf"书面(?:意见)?(?:票|人数)?(?:赞成|同意)(?:票|人数)?{_NUMBER}"),
    "written": re.compile(rf"书面意见(?:票|人数|份数)?{_NUMBER}"),
    "no": re.compile(rf"(?:不赞成|不同意|反对)(?:票|人数)?{_NUMBER}"),
    "yes": re.compile(rf"(?:赞成|同意)(?:票|人数)?{_NUMBER}"),
    "abstain": re.compile(rf"弃权(?:票|人数)?{_NUMBER}"),
}
# Opinions handed in beforehand with how many of them are in favour: 书面意见3份（赞成2份），书面意见3份，其中赞成2份.
_OPINIONS = re.compile(rf"书面意见(?:票|人数|份数)?{_NUMBER}\s*(?:[(（]|[,，]?\s*其中)\s*(?:赞成|同意){_NUMBER}[)）]?")
_INCLUDED = re.compile(r"[含包]括?书面|其中书面")
# A vote as this program writes it: whatever its subject holds, the numbers stand after the last colon.
_WRITTEN = re.compile(
    r"(?:(?P<subject>.*)：)?(?=.)(?:未记人数|(?:应到(?P<due>\d+))?(?:，?实到(?P<present>\d+))?(?:，?赞成(?P<yes>\d+))?"
    r"(?:，?反对(?P<no>\d+))?(?:，?弃权(?P<abstain>\d+))?"
    r"(?:，?书面意见(?P<written>\d+))?(?:，?书面赞成(?P<written_yes>\d+))?)(?:，?(?P<result>未?通过))?"
)
_FAILED = re.compile(r"未(?:获)?(?:通过|当选)|没有通过|不通过|不予通过")
_CARRIED = re.compile(r"通过|当选")


@dataclass(frozen=True, slots=True)
class NamedAction:
    """An action item whose owners are names."""

    what: str
    owners: tuple[str, ...] = ()
    due_on: date | None = None
    done_on: date | None = None
    result: str = ""


def read_votes(value: object, field: Named) -> tuple[VoteDraft, ...]:
    """Read 应到29，实到27，赞成26，反对0，弃权1，通过; one vote per line, its subject before a colon.

    Raises:
        InvalidInput: no numbers, or numbers whose meaning is not certain.
    """
    text = parse_text(value, field)
    return tuple(_vote(part, field) for part in filter(None, (line.strip() for line in _vote_lines(text))))


def _vote(part: str, field: Named) -> VoteDraft:
    written = _WRITTEN.fullmatch(part)
    if written:
        numbers = {name: int(written[name]) for name in _COUNTS if written[name]}
        result = written["result"]
        return _counted((written["subject"] or "").strip(), numbers, None if result is None else result == "通过")
    counts: dict[str, int] = {}
    rest = plain(part)
    start = len(rest)
    if _INCLUDED.search(rest):
        raise InvalidInput(field, f"{quoted(part)}把书面意见算在赞成里了，请分开写：赞成写会上的票数，书面赞成另写")
    opinions = _OPINIONS.search(rest)
    if opinions:
        counts = {"written": int(opinions[1]), "written_yes": int(opinions[2])}
        start = opinions.start()
        rest = rest[: opinions.start()] + "#" * len(opinions[0]) + rest[opinions.end() :]
    for name, pattern in _COUNTS.items():
        matches = list(pattern.finditer(rest))
        if len(matches) > 1:
            raise InvalidInput(field, f"{quoted(part)}中同一项数字写了两次，多次表决请分行写")
        if matches:
            counts[name] = int(matches[0][1])
            start = min(start, matches[0].start())
            rest = rest[: matches[0].start()] + "#" * len(matches[0][0]) + rest[matches[0].end() :]
    if not counts:
        raise InvalidInput(field, f"{quoted(part)}看不出表决人数，请写成“应到29，实到27，赞成26，反对0，弃权1”")
    subject, result = rest[:start].strip(" ,:，："), rest[start:]
    left = re.sub(r"[#\s,，;。.:：、]|未?(?:获)?通过|未?当选|没有|表决|结果|无记名|投票|有效|票", "", result)
    if re.search(r"\d", left):
        raise InvalidInput(field, f"{quoted(part)}中有看不懂的数字")
    passed = False if _FAILED.search(result) else True if _CARRIED.search(result) else None
    return _counted(subject, counts, passed)


def _counted(subject: str, counts: Mapping[str, int], declared_passed: bool | None) -> VoteDraft:
    return VoteDraft(
        kind="",
        subject=subject,
        due=counts.get("due"),
        present=counts.get("present"),
        yes=counts.get("yes"),
        no=counts.get("no"),
        abstain=counts.get("abstain"),
        written=counts.get("written"),
        written_yes=counts.get("written_yes"),
        declared_passed=declared_passed,
    )


def _vote_lines(text: str) -> list[str]:
    """Split several votes: at line breaks, or at ；before another 应到."""
    return re.split(r"\n|[；;](?=[^；;\n]*应到)", text)


def write_votes(votes: Sequence[VoteDraft]) -> str:
    """Write votes so that they read back."""
    lines = []
    for vote in votes:
        counts = [
            f"{label}{count}"
            for label, count in (
                ("应到", vote.due),
                ("实到", vote.present),
                ("赞成", vote.yes),
                ("反对", vote.no),
                ("弃权", vote.abstain),
                ("书面意见", vote.written),
                ("书面赞成", vote.written_yes),
            )
            if count is not None
        ]
        outcome = {True: ["通过"], False: ["未通过"], None: []}[vote.declared_passed]
        subject = piece(vote.subject)
        lines.append((f"{subject}：" if subject else "") + "，".join((counts or ["未记人数"]) + outcome))
    return "\n".join(lines)


def declared_by(resolution: str) -> tuple[bool, str] | None:
    """Return the result of a vote that the words of a resolution declare, and the words; None if they declare none."""
    refusing = re.search(r"不同意|未获通过|未通过|不予|暂不|暂缓", resolution)
    if refusing:
        return False, refusing[0]
    carrying = re.search(r"同意|通过|当选", resolution)
    return (True, carrying[0]) if carrying else None


def read_actions(value: object, field: Named) -> tuple[NamedAction, ...]:
    """Read 事项|责任人|期限|完成日期|结果; several by line breaks or ；.

    Raises:
        InvalidInput: too many parts, nothing to do, or a day that is none.
    """
    actions = []
    for number, line in enumerate(split_lines(parse_text(value, field)), start=1):
        parts = split_parts(line)
        if len(parts) > 5:
            raise InvalidInput(field, f"第{number}项有{len(parts)}段，应为“事项|责任人|期限”")
        what, who, due, done, result = parts + [""] * (5 - len(parts))
        if not what:
            raise InvalidInput(field, f"第{number}项没有写事项")
        actions.append(
            NamedAction(
                what,
                () if is_blank(who) else split_owners(who),
                None if is_blank(due) else parse_date(due, field),
                None if is_blank(done) else parse_date(done, field),
                result,
            )
        )
    return tuple(actions)


def split_owners(text: str) -> tuple[str, ...]:
    """Return the names of those who answer for an action item."""
    return tuple(name for name in map(str.strip, re.split(r"[、，,/]", text)) if name)


def _owners_cell(owners: Sequence[str]) -> str:
    names = "、".join(split_owners(piece("、".join(owners))))
    return "" if is_blank(names) else names


def write_actions(actions: Sequence[NamedAction]) -> str:
    """Write action items so that they read back."""
    return join_lines(
        join_parts(
            (
                action.what,
                _owners_cell(action.owners),
                action.due_on.isoformat() if action.due_on else "",
                action.done_on.isoformat() if action.done_on else "",
                action.result,
            )
        )
        for action in actions
    )


_PLAIN, _WHOLE = 3, 7
_KIND = re.compile(r"【(?P<kind>[^【】]*)】\s*(?P<title>.*)", re.S)


def read_agenda(value: object, field: Named, tags: Mapping[str, str]) -> tuple[AgendaItem, ...]:
    """Read 议题|讨论情况|决议, or 【第一议题】主题|研讨情况|决定|篇目|领学人|形式|措施; one item per line.

    `tags` are the kinds of items: id → 中文.

    Raises:
        InvalidInput: an item has more parts.
    """
    agenda = []
    ids = {name: tag for tag, name in tags.items()}
    for number, line in enumerate(filter(None, map(clean, parse_text(value, field).split("\n"))), start=1):
        parts = split_parts(line)
        said = _KIND.fullmatch(parts[0])
        tag = ids.get(said["kind"], "") if said else ""
        if said and (tag or not said["kind"]):
            parts[0] = said["title"]
        if len(parts) > (_WHOLE if tag else _PLAIN):
            raise InvalidInput(field, f"第{number}项有{len(parts)}段，应为“议题|讨论情况|决议”")
        title, content, resolution, source, leader, form, measures = parts + [""] * (_WHOLE - len(parts))
        agenda.append(
            AgendaItem(title, content, resolution, tag=tag, source=source, leader=leader, form=form, measures=measures)
        )
    return tuple(agenda)


def write_agenda(agenda: Sequence[AgendaItem], tags: Mapping[str, str]) -> str:
    """Write the agenda so that it reads back; `tags` as for `read_agenda`."""
    return join_lines(
        join_parts(
            (
                _head(item, tags),
                *(item.content, item.resolution, item.source, item.leader, item.form, item.measures),
            )
        )
        for item in agenda
    )


def _head(item: AgendaItem, tags: Mapping[str, str]) -> str:
    """Return the title of an item behind its kind; an ordinary title that begins like a kind stands behind none."""
    if item.tag:
        return f"【{tags.get(item.tag, item.tag)}】{item.title}"
    looks = _KIND.fullmatch(piece(item.title))
    return f"【】{item.title}" if looks and looks["kind"] in ("", *tags.values()) else item.title
