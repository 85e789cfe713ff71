"""The papers of an admission that the program prints: their words from `admissions.toml`, their facts from the case."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import select

from desktop.models.development import DevelopmentCase
from desktop.models.meetings import Vote
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.development import HelperRole
from desktop.paths import resource
from desktop.services.development.loading import VOTE_KINDS
from desktop.services.development.rows import CaseRow, InquiryRow
from desktop.services.development.windows import (
    ACTIVIST,
    APPLY,
    APPROVE,
    ASK,
    CONFIRM,
    CONGRESS,
    LIST,
    PROPOSE,
    REVIEW,
    SUPERIOR_TALK,
    TALK,
    TRAINING,
    Frame,
)
from desktop.services.toml_tables import Table, read_toml

if TYPE_CHECKING:
    from desktop.services.standards.party_rules import PartyRules
    from desktop.services.store import Store

FILE = "papers/admissions.toml"
BLANK = "＿＿＿＿＿＿"
"""Where a fact is not known: to be written in by hand."""
COMMITTEE_REVIEW = 12
_HOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmissionPaper:
    """A paper as its file words it. `fields` are lines "label：value" of a form; `blanks` are filled in by hand."""

    id: str
    title: str
    kind: str
    heading: str = ""
    text: str = ""
    addressee: str = ""
    closing: str = ""
    signer: str = ""
    note: str = ""
    reply: str = ""
    each_inquiry: bool = False
    attachments: bool = False
    reviews: bool = False
    fields: tuple[str, ...] = ()
    blanks: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()

    def lines(self, facts: Mapping[str, str]) -> list[str]:
        """Return the paragraphs, filled; a line that begins with ? falls away where one of its facts is not known."""
        found = []
        for line in self.text.strip().splitlines():
            optional = line.startswith("?")
            words = line.removeprefix("?").strip()
            if optional and any(not facts.get(name) for name in _HOLDER.findall(words)):
                continue
            found.append(filled(words, facts))
        return found


def filled(words: str, facts: Mapping[str, str]) -> str:
    """Return words with every {name} replaced by its fact, or by a line to write on."""
    return _HOLDER.sub(lambda holder: facts.get(holder[1]) or BLANK, words)


@cache
def papers() -> Mapping[str, AdmissionPaper]:
    """Return the papers by id, in the order of the file.

    Raises:
        PackInvalid: the file breaks its form; a defect of ours.
    """
    root = read_toml(resource(FILE).read_bytes(), FILE)
    root.choice("schema", ("admissions/1",), "格式")
    root.text("version")
    found = root.rows("papers", _paper)
    root.done()
    return {paper.id: paper for paper in found}


def _paper(table: Table) -> AdmissionPaper:
    return AdmissionPaper(
        id=table.text("id"),
        title=table.text("title"),
        kind=table.choice("kind", ("letter", "form", "list"), "种类"),
        heading=table.text("heading", ""),
        text=table.text("text", ""),
        addressee=table.text("addressee", ""),
        closing=table.text("closing", ""),
        signer=table.text("signer", ""),
        note=table.text("note", ""),
        reply=table.text("reply", ""),
        each_inquiry=table.choice("each", ("inquiry",), "逐件", default="") == "inquiry",
        attachments=table.yes_no("attachments", default=False),
        reviews=table.yes_no("reviews", default=False),
        fields=table.texts("fields", ()),
        blanks=table.texts("blanks", ()),
        signatures=table.texts("signatures", ()),
    )


def facts_of(store: "Store", case: CaseRow, law: "PartyRules", branch: str) -> dict[str, str]:
    """Return what is known of a case for its papers, as people write it; ID numbers whole only for those entitled."""
    done = case.view.case.steps
    listing = case.step(LIST)
    frame = Frame(case.view.case, law, store.today)
    ends = frame.probation_ends()
    facts = {
        "branch": branch,
        "name": case.name,
        "gender": case.gender,
        "ethnic": case.ethnic,
        "native": case.native_place,
        "born": _month(case.born_on),
        "education": case.education,
        "job": "".join(filter(None, (case.unit, case.job_title))),
        "id_no": case.id_no,
        "contacts": "、".join(helper.name for helper in case.having(HelperRole.CONTACT)),
        "introducers": "、".join(helper.name for helper in case.having(HelperRole.INTRODUCER)),
        "applied": day(done.get(APPLY)),
        "talked": day(done.get(TALK)),
        "activist": day(done.get(ACTIVIST)),
        "committee_on": day(done.get(PROPOSE)),
        "consent_on": day(listing.consent_on),
        "from_on": day(listing.from_on),
        "to_on": day(listing.to_on),
        "listed": day(done.get(LIST)),
        "reviewed": day(done.get(REVIEW)),
        "trained": day(done.get(TRAINING)),
        "committee_review": day(done.get(COMMITTEE_REVIEW)),
        "congress": day(done.get(CONGRESS)),
        "superior_talk": day(done.get(SUPERIOR_TALK)),
        "approved": day(done.get(APPROVE)),
        "ends": day(ends),
        "last_day": day(ends - timedelta(days=1) if ends else None),
        "asked": day(done.get(ASK)),
        "confirmed": day(done.get(CONFIRM)),
        "scope": frame.rules(REVIEW).review_scope,
        "workdays": str(frame.rules(LIST).publicity_min_workdays),
    }
    if store.rights.may(Act.IDENTITY):
        with store.reading() as session:
            facts["id_no"] = session.get_one(DevelopmentCase, case.id).id_no or ""
    for no, prefix in ((CONGRESS, ""), (CONFIRM, "confirm_")):
        facts |= {f"{prefix}{name}": words for name, words in _votes(store, case, no).items()}
    return facts


def inquiry_facts(inquiry: InquiryRow) -> dict[str, str]:
    """Return what a letter of the political review is about."""
    return {
        "relation": inquiry.relation,
        "relative": inquiry.name and f"{inquiry.name}同志",
        "addressed_to": inquiry.addressed_to,
        "letter_no": inquiry.letter_no,
    }


def day(on: date | None) -> str:
    """Return 2026年3月5日, or nothing."""
    return f"{on.year}年{on.month}月{on.day}日" if on else ""


def _month(on: date | None) -> str:
    return f"{on.year}年{on.month}月" if on else ""


def _votes(store: "Store", case: CaseRow, no: int) -> dict[str, str]:
    meeting_id = case.step(no).meeting_id
    if not meeting_id:
        return {}
    with store.reading() as session:
        votes = session.scalars(select(Vote).where(Vote.meeting_id == meeting_id, Vote.kind.in_(VOTE_KINDS))).all()
        about = [vote for vote in votes if case.name in (vote.subject or "")] or (votes if len(votes) == 1 else [])
        if not about:
            return {}
        vote = about[0]
        numbers = {
            name: getattr(vote, name) for name in ("due", "present", "yes", "no", "abstain", "written", "written_yes")
        }
    return {name: str(number) for name, number in numbers.items() if number is not None}
