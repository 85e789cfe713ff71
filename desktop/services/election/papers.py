"""The papers of an election that the program prints: their words from `elections.toml`, their facts from the store."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from desktop.models.vocabulary.elections import CandidateOrder, ElectionKind, Fared, Seat
from desktop.paths import resource
from desktop.services.development.papers import BLANK, filled
from desktop.services.election.rows import CandidateRow, ElectionRow, RoundRow
from desktop.services.ordinals import in_words
from desktop.services.toml_tables import Table, read_toml

FILE = "papers/elections.toml"
_HOLDER = re.compile(r"\{(\w+)\}")
_SAID = re.compile(r"\{(order\w*)\}")
"""What is said only where somebody chose to: it leaves no line to write on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectionPaper:
    """A paper as its file words it. `kind`: letter, or which table the program makes; `by`: another text for 补选."""

    id: str
    title: str
    short: str
    when: str
    kind: str
    heading: str
    heading_by: str
    addressee: str
    text: str
    text_by: str
    closing: str
    signer: str
    attachments: tuple[str, ...]
    signatures: tuple[str, ...]
    rows: tuple[str, ...]
    needs: tuple[str, ...]
    """Facts without which it is no part of the set."""

    @property
    def is_ballot(self) -> bool:
        """Whether it is handed out to be marked, and may be half as large."""
        return self.kind in ("ballot", "ballot_secretary")

    def lines(self, facts: Mapping[str, str], kind: ElectionKind) -> list[str]:
        """Return the paragraphs, filled; a line that begins with ? falls away where one of its facts is not known."""
        found = []
        words = self.text_by if kind is ElectionKind.BY and self.text_by else self.text
        for line in words.strip().splitlines():
            bare = line.removeprefix("?").strip()
            if line.startswith("?") and any(not facts.get(name) for name in _HOLDER.findall(bare)):
                continue
            found.append(filled(_SAID.sub(lambda holder: facts.get(holder[1], ""), bare), facts))
        return found


@cache
def papers() -> Mapping[str, ElectionPaper]:
    """Return the papers by id, in the order of the file.

    Raises:
        PackInvalid: the file breaks its form; a defect of ours.
    """
    root = read_toml(resource(FILE).read_bytes(), FILE)
    root.choice("schema", ("elections/1",), "格式")
    return {table.text("id"): _paper(table) for table in root.tables("papers", least=1)}


KINDS = (
    "letter",
    "publicity",
    "nomination",
    "nomination_sum",
    "candidates",
    "ballot",
    "ballot_secretary",
    "tally",
    "count_report",
    "elected",
    "members",
    "handover",
    "script",
)


def _paper(table: Table) -> ElectionPaper:
    title = table.text("title")
    found = ElectionPaper(
        id=table.text("id"),
        title=title,
        short=table.text("short", title),
        when=table.text("when", ""),
        kind=table.choice("kind", KINDS, "种类"),
        heading=table.text("heading", title),
        heading_by=table.text("heading_by", ""),
        addressee=table.text("addressee", ""),
        text=table.text("text", ""),
        text_by=table.text("text_by", ""),
        closing=table.text("closing", ""),
        signer=table.text("signer", ""),
        attachments=table.texts("attachments", ()),
        signatures=table.texts("signatures", ()),
        rows=table.texts("rows", ()),
        needs=table.texts("needs", ()),
    )
    table.done()
    return found


def set_of(election: ElectionRow) -> tuple[ElectionPaper, ...]:
    """Return the papers of the whole set of an election: a request to put it off only where it was put off."""
    known = {"shifted_to": bool(election.shifted_to)}
    return tuple(paper for paper in papers().values() if all(known.get(name, True) for name in paper.needs))


def bracketed(order: CandidateOrder | None) -> str:
    """Return by what names are in order, as it stands behind them; nothing where nobody said it."""
    return f"（{order.label}）" if order is not None else ""


def day(on: date | None) -> str:
    """Return a day as letters write it, "" for none."""
    return f"{on.year}年{on.month}月{on.day}日" if on else ""


def facts_of(election: ElectionRow, branch: str, members: int, full: int) -> dict[str, str]:
    """Return what the letters of an election say: facts only, nothing that people have to say themselves."""
    steps = {each.id: each for each in election.steps}
    committee, names = election.standing(Seat.COMMITTEE), _names
    order = election.order_said_by
    seats, standing = election.seats, len(election.standing(Seat.COMMITTEE))
    base = election.rule(Seat.COMMITTEE).passing.of
    last = main_round(election)
    division = "；".join(
        f"{each.name}{each.post.label}" for each in election.winners(Seat.COMMITTEE) if each.post is not None
    )
    found = {
        "branch": branch,
        "superior": election.superior,
        "term": in_words(election.term_no),
        "before": in_words(election.term_no - 1) if election.term_no > 1 else "",
        "expires_on": day(election.expires_on),
        "congress_on": day(election.congress_on),
        "congress_place": election.congress_place,
        "members": str(members),
        "full": str(full),
        "seats": str(seats) if seats else "",
        "leading": "、".join(
            f"{seat.label}{wanted}名"
            for seat, wanted in ((Seat.SECRETARY, election.secretary_seats), (Seat.DEPUTY, election.deputy_seats))
            if wanted
        ),
        "standing": str(standing) if standing else str(election.least_candidates),
        "surplus": str(max(0, (standing or election.least_candidates) - seats)),
        "least": str(election.least_candidates),
        "excluded": election.excluded,
        "reason": election.reason,
        "decided_on": day(steps["decide"].done_on) if "decide" in steps else "",
        "request_no": steps["request"].document_no if "request" in steps else "",
        "request_on": day(steps["request"].done_on) if "request" in steps else "",
        "approval_no": steps["approval"].document_no if "approval" in steps else "",
        "approval_on": day(steps["approval"].done_on) if "approval" in steps else "",
        "candidates": names(committee),
        "order": bracketed(election.order_said_by),
        "order_sentence": f"候选人{order.label}。" if order is not None else "",
        "order_elected": bracketed(election.elected_in_order),
        "secretary_candidate": names(election.standing(Seat.SECRETARY)),
        "deputy_candidate": names(election.standing(Seat.DEPUTY)),
        "base": "应到会" if base == "due" else "实到会",
        "chair": election.chair,
        "tellers": "、".join(election.tellers),
        "counters": "、".join(election.counters),
        "elected": names(election.winners(Seat.COMMITTEE)),
        "secretary": names(election.winners(Seat.SECRETARY)),
        "deputy_elected": names(election.winners(Seat.DEPUTY)),
        "division": division,
        "shifted_to": day(election.shifted_to),
        "shift_reason": election.shift_reason,
        "shift": _shift(election),
        "result_no": election.approval_no,
        "secretary_votes": _round_words(election, Seat.SECRETARY),
        "votes": "；".join(_votes(each) for each in election.rounds_of(Seat.COMMITTEE)),
    }
    if last is not None:
        found |= {
            "due": _number(last.due),
            "present": _number(last.present),
            "issued": _number(last.issued),
            "collected": _number(last.collected),
            "void": _number(last.void),
            "valid": _number(None if last.collected is None or last.void is None else last.collected - last.void),
        }
    return found


def _shift(election: ElectionRow) -> str:
    if election.shifted_to is None or election.expires_on is None:
        return "延期（提前）"
    return "延期" if election.shifted_to > election.expires_on else "提前"


def main_round(election: ElectionRow) -> RoundRow | None:
    """Return the first valid round of the congress, else its last one."""
    rounds = election.rounds_of(Seat.COMMITTEE) or election.rounds_of(Seat.SECRETARY)
    return next((each for each in rounds if each.count.valid), rounds[-1] if rounds else None)


def _names(rows: tuple[CandidateRow, ...]) -> str:
    return "、".join(each.name for each in rows)


def _number(number: int | None) -> str:
    return "" if number is None else str(number)


def _votes(round_: RoundRow) -> str:
    first = f"第{in_words(round_.no)}次投票" if round_.no > 1 else ""
    lines = []
    for standing in round_.count.standings:
        line = standing.tally
        marks = [f"赞成{_number(line.yes) or BLANK}票"]
        if not line.written_in:
            marks += [f"不赞成{_number(line.no)}票"] if line.no is not None else []
            marks += [f"弃权{_number(line.abstain)}票"] if line.abstain is not None else []
        other = "（另选）" if line.written_in else ""
        lines.append(f"{line.name}{other}{'，'.join(marks)}")
    return first + ("：" if first else "") + "；".join(lines)


def _round_words(election: ElectionRow, seat: Seat) -> str:
    won = [each for each in election.rounds_of(seat) if each.count.elected]
    return "；".join(
        f"应到{_number(each.due)}名、实到{_number(each.present)}名，赞成{_number(standing.tally.yes)}票"
        for each in won
        for standing in each.count.standings
        if standing.fared is Fared.ELECTED
    )
