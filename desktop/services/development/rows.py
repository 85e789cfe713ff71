"""Cases as pages and the command line hold them: what is kept, beside what the rules say of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from desktop.models.development import CaseHelper, CaseInquiry, CasePaper, CaseStep
from desktop.models.vocabulary.development import CaseState, HelperRole, PaperForm
from desktop.services.development.examine import CaseView


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """What was typed about a step; a step without a row was never touched."""

    no: int
    done_on: date | None = None
    from_on: date | None = None
    to_on: date | None = None
    consent_on: date | None = None
    days: int | None = None
    hours: int | None = None
    decided_by: str = ""
    document_no: str = ""
    result: str = ""
    handler: str = ""
    meeting_id: str | None = None
    opinion: str = ""
    opinion_on: date | None = None
    note: str = ""
    rev: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRow:
    """A paper on file."""

    id: str
    step_no: int
    name: str
    author: str
    dated_on: date | None
    form: PaperForm
    pages: int | None
    place: str
    note: str
    rev: int
    attachments: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HelperRow:
    """A contact person or introducer."""

    id: str
    role: HelperRole
    member_id: str | None
    name: str
    from_on: date | None
    to_on: date | None
    rev: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryRow:
    """A letter of the political review."""

    id: str
    relation: str
    name: str
    addressed_to: str
    letter_no: str
    sent_on: date | None
    replied_on: date | None
    waived: bool
    finding: str
    rev: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRow:
    """A half-yearly review, as its register keeps it."""

    id: str
    on: date
    from_on: date | None
    to_on: date | None
    finding: str
    branch_opinion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One case with everything that belongs to it."""

    id: str
    rev: int
    person_id: str
    name: str
    gender: str
    ethnic: str
    born_on: date | None
    native_place: str
    education: str
    unit: str
    job_title: str
    phone: str
    affiliation: str
    id_no: str
    """Masked where who works here may not see it whole."""
    state: CaseState
    state_on: date | None
    state_reason: str
    ruleset: str
    ruleset_reason: str
    special_reason: str
    extended_to: date | None
    extended_on: date | None
    extended_document: str
    member_id: str | None
    note: str
    steps: dict[int, StepRow]
    papers: tuple[PaperRow, ...]
    helpers: tuple[HelperRow, ...]
    inquiries: tuple[InquiryRow, ...]
    reviews: tuple[ReviewRow, ...]
    view: CaseView

    def step(self, no: int) -> StepRow:
        """Return what was typed about step `no`, an empty row where nothing was."""
        return self.steps.get(no, StepRow(no=no))

    def having(self, role: HelperRole) -> tuple[HelperRow, ...]:
        """Return who has a role now."""
        return tuple(helper for helper in self.helpers if helper.role is role and helper.to_on is None)

    def age(self, on: date) -> int | None:
        """Return the age on a day."""
        born = self.born_on
        return None if born is None else on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def step_row(step: CaseStep) -> StepRow:
    """Return a step as pages hold it."""
    return StepRow(
        no=step.no,
        done_on=step.done_on,
        from_on=step.from_on,
        to_on=step.to_on,
        consent_on=step.consent_on,
        days=step.days,
        hours=step.hours,
        decided_by=step.decided_by or "",
        document_no=step.document_no or "",
        result=step.result or "",
        handler=step.handler or "",
        meeting_id=step.meeting_id,
        opinion=step.opinion or "",
        opinion_on=step.opinion_on,
        note=step.note or "",
        rev=step.rev,
    )


def paper_row(paper: CasePaper, attachments: int) -> PaperRow:
    """Return a paper as pages hold it."""
    return PaperRow(
        id=paper.id,
        step_no=paper.step_no,
        name=paper.name,
        author=paper.author or "",
        dated_on=paper.dated_on,
        form=paper.form,
        pages=paper.pages,
        place=paper.place or "",
        note=paper.note or "",
        rev=paper.rev,
        attachments=attachments,
    )


def helper_row(helper: CaseHelper, names: Mapping[str, str]) -> HelperRow:
    """Return a helper, named by the roster where it knows the person as pages hold it."""
    return HelperRow(
        id=helper.id,
        role=helper.role,
        member_id=helper.member_id,
        name=names.get(helper.member_id or "", helper.name or ""),
        from_on=helper.from_on,
        to_on=helper.to_on,
        rev=helper.rev,
    )


def inquiry_row(inquiry: CaseInquiry) -> InquiryRow:
    """Return an inquiry as pages hold it."""
    return InquiryRow(
        id=inquiry.id,
        relation=inquiry.relation,
        name=inquiry.name or "",
        addressed_to=inquiry.addressed_to or "",
        letter_no=inquiry.letter_no or "",
        sent_on=inquiry.sent_on,
        replied_on=inquiry.replied_on,
        waived=inquiry.waived,
        finding=inquiry.finding or "",
        rev=inquiry.rev,
    )
