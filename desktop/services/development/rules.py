"""The rules of developing members (发展党员工作细则) as data: editions by date, stages, steps, papers of each step."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from desktop.services.toml_tables import Table

EDITION = re.compile(r"development_\d{4}")
FIRST = date(2014, 5, 28)
"""Since when an edition holds that names no day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPaper:
    """A paper (材料) of a step: who makes it, whether it is needed, whether it goes into the member's file."""

    name: str
    author: str
    needed: bool = True
    filed: bool = False
    aliases: tuple[str, ...] = ()

    def is_called(self, name: str) -> bool:
        """Whether people mean this paper by `name`."""
        return name in (self.name, *self.aliases)


@dataclass(frozen=True, slots=True, kw_only=True)
class CongressPlan:
    """What a congress about somebody begins with; {name} and {introducers} stand for the persons.

    `agenda` are the items before the vote `vote` on `subject`; `observed`: the person comes without being expected.
    """

    topic: str
    subject: str
    vote: str
    agenda: tuple[str, ...] = ()
    observed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DevelopmentStep:
    """One of the steps of admission: what may not come before what, and what is on paper afterwards.

    `continuing`: work over a time, on file by its reviews; `needed`: leaving it out is a breach, not only told.
    """

    no: int
    stage: str
    name: str
    article: str
    limit: str
    decides: str = ""
    after: tuple[int, ...] = ()
    usually_after: tuple[int, ...] = ()
    strictly_after: tuple[int, ...] = ()
    continuing: bool = False
    needed: bool = True
    papers: tuple[StepPaper, ...] = ()
    congress: CongressPlan | None = None

    def paper(self, name: str) -> StepPaper | None:
        """Return the paper of this step that people call `name`, or None."""
        return next((paper for paper in self.papers if paper.is_called(name)), None)


@dataclass(frozen=True, slots=True)
class DevelopmentStage:
    """One of the stages the steps belong to."""

    id: str
    name: str
    short: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DevelopmentRules:
    """Limits of the admission procedure (发展党员) of one edition; `own_steps` are those it words differently."""

    id: str
    name: str
    regulation: str
    effective_from: date
    quotes_articles: bool
    min_age: int
    talk_within_months: int
    contacts: tuple[int, int]
    review_months: int
    review_grace_days: int
    thought_report_months: int
    cultivate_min_months: int
    needs_consent: bool
    publicity_required: bool
    publicity_min_workdays: int
    publicity_first_day: str
    introducers: int
    review_scope: str
    training_min_days: int
    training_min_hours: int
    congress_after_pre_review_months: int
    leaving_soon_months: int
    approve_months: int
    approve_max_months: int
    oath_within_months: int
    probation_months: int
    extend_months: tuple[int, int]
    confirm_apply_days_before: int
    confirm_late_months: int
    confirm_approve_months: int
    official_papers: tuple[str, ...]
    file_papers: tuple[str, ...]
    basis: str
    confidence: str
    own_steps: Mapping[int, Mapping[str, str]]

    def worded(self, step: DevelopmentStep) -> DevelopmentStep:
        """Return `step` as this edition words it, its article only where that is known."""
        own = self.own_steps.get(step.no, {})
        if not own and self.quotes_articles:
            return step
        return replace(
            step,
            name=own.get("name", step.name),
            limit=own.get("limit", step.limit),
            decides=own.get("decides", step.decides),
            article=step.article if self.quotes_articles else "",
        )


def read_editions(root: Table) -> Mapping[str, DevelopmentRules]:
    """Return the editions of the rules by id, the older first.

    Raises:
        PackInvalid: a number the program computes with is missing or of the wrong type.
    """
    found = [_edition(root.table(name)) for name in root.names() if EDITION.fullmatch(name)]
    return {rules.id: rules for rules in sorted(found, key=lambda rules: (rules.effective_from, rules.id))}


def edition_of_day(editions: Mapping[str, DevelopmentRules], day: date) -> DevelopmentRules | None:
    """Return the edition in force on `day`: the latest begun by then, else the first; None where there is none."""
    begun = [rules for rules in editions.values() if rules.effective_from <= day]
    return begun[-1] if begun else next(iter(editions.values()), None)


def read_stages(root: Table) -> tuple[DevelopmentStage, ...]:
    """Return the stages of admission, in order."""
    return root.rows("development_stages", _stage, whole=False, least=0)


def read_steps(root: Table) -> tuple[DevelopmentStep, ...]:
    """Return the steps of admission, in order.

    Raises:
        PackInvalid: a step says less than is needed, or waits for one that comes later.
    """
    return root.rows("development_steps", _step, key="no", whole=False)


def step_of(steps: Sequence[DevelopmentStep], no: int) -> DevelopmentStep | None:
    """Return the step numbered `no`, or None."""
    return next((step for step in steps if step.no == no), None)


def _stage(table: Table) -> DevelopmentStage:
    name = table.text("name")
    return DevelopmentStage(table.text("id"), name, table.text("short", name))


def _numbers(table: Table, field: str, below: int) -> tuple[int, ...]:
    if not table.has(field):
        return ()
    numbers = table.integers(field)
    if any(not 1 <= number < below for number in numbers):
        table.refuse(field, "应为更早的步骤")
    return numbers


def _paper(table: Table) -> StepPaper:
    return StepPaper(
        name=table.text("name"),
        author=table.text("author", ""),
        needed=table.yes_no("need", default=True),
        filed=table.yes_no("file", default=False),
        aliases=table.texts("aliases", ()),
    )


def _step(table: Table) -> DevelopmentStep:
    no = table.integer("no", least=1)
    return DevelopmentStep(
        no=no,
        stage=table.text("stage"),
        name=table.text("name"),
        article=table.text("article", empty=True),
        limit=table.text("limit", empty=True),
        decides=table.text("decides", ""),
        after=_numbers(table, "after", no),
        usually_after=_numbers(table, "usually_after", no),
        strictly_after=_numbers(table, "strictly_after", no),
        continuing=table.yes_no("continuing", default=False),
        needed=table.choice("missing", ("breach", "warn"), "缺这一步时", default="breach") == "breach",
        papers=table.rows("papers", _paper, key="name", least=0),
        congress=_congress(table.table("congress")) if table.has("congress") else None,
    )


def _congress(table: Table) -> CongressPlan:
    return CongressPlan(
        topic=table.text("topic"),
        subject=table.text("subject"),
        vote=table.text("vote"),
        agenda=table.texts("agenda", ()),
        observed=table.yes_no("observed", default=False),
    )


def _own(table: Table) -> tuple[int, dict[str, str]]:
    fields = [field for field in ("name", "limit", "decides") if table.has(field)]
    return table.integer("no", least=1), {field: table.text(field) for field in fields}


def _edition(table: Table) -> DevelopmentRules:
    basis = table.text("basis")
    months = table.integer("approve_months")
    return DevelopmentRules(
        id=table.item,
        name=table.text("name", "发展党员工作细则"),
        regulation=table.text("regulation", basis),
        effective_from=table.day("effective_from") if table.has("effective_from") else FIRST,
        quotes_articles=table.yes_no("quotes_articles", default=True),
        min_age=table.integer("min_age"),
        talk_within_months=table.integer("talk_within_months"),
        contacts=table.pair("contacts"),
        review_months=table.integer("review_months", least=1, default=6),
        review_grace_days=table.integer("review_grace_days", default=31),
        thought_report_months=table.integer("thought_report_months", least=1, default=3),
        cultivate_min_months=table.integer("cultivate_min_months"),
        needs_consent=table.choice(
            "list_needs", ("superior_consent", "filing"), "列为发展对象", default="superior_consent"
        )
        == "superior_consent",
        publicity_required=table.yes_no("publicity_required", default=True),
        publicity_min_workdays=table.integer("publicity_min_workdays"),
        publicity_first_day=table.choice(
            "publicity_first_day", ("next_day", "posting_day"), "公示起算", default="next_day"
        ),
        introducers=table.integer("introducers"),
        review_scope=table.text("review_scope", "家庭主要成员和重要社会关系"),
        training_min_days=table.integer("training_min_days"),
        training_min_hours=table.integer("training_min_hours"),
        congress_after_pre_review_months=table.integer("congress_after_pre_review_months"),
        leaving_soon_months=table.integer("leaving_soon_months", default=3),
        approve_months=months,
        approve_max_months=table.integer("approve_max_months", least=months, default=max(6, months)),
        oath_within_months=table.integer("oath_within_months"),
        probation_months=table.integer("probation_months"),
        extend_months=table.pair("extend_months"),
        confirm_apply_days_before=table.integer("confirm_apply_days_before", default=14),
        confirm_late_months=table.integer("confirm_late_months", default=6),
        confirm_approve_months=table.integer("confirm_approve_months"),
        official_papers=table.texts("official_papers", ()),
        file_papers=table.texts("file_papers", ()),
        basis=basis,
        confidence=table.text("confidence", ""),
        own_steps=dict(table.rows("steps", _own, key="no", least=0)),
    )
