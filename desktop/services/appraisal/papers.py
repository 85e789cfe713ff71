"""The papers of a round: which there are, the words of its letters, and the facts that fill them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from desktop.models.vocabulary.labels import Labelled
from desktop.models.vocabulary.meetings import AppraisalGrade
from desktop.paths import resource
from desktop.services.appraisal.rows import Round
from desktop.services.development.papers import day, filled
from desktop.services.toml_tables import Table, read_toml

FILE = "papers/appraisal.toml"
_HOLDER = re.compile(r"\{(\w+)\}")


class Paper(Labelled):
    """What is printed of a round, in the order of the work."""

    SET = "set", "全套（票、汇总、批评、意见、整改）"
    PLAN = "plan", "方案"
    OPINION_FORM = "opinion_form", "征求意见表"
    OPINIONS = "opinions", "征求意见汇总表"
    CRITICISMS = "criticisms", "批评意见汇总表"
    BALLOT = "ballot", "测评票"
    ASPECTS = "aspects", "测评票（分项）"
    BRANCH_BALLOT = "branch_ballot", "党支部测评票"
    TALLY = "tally", "民主评议汇总表"
    FEEDBACK = "feedback", "反馈单"
    PUBLICITY = "publicity", "优秀党员公示"
    REGISTRATION = "registration", "民主评议登记表"
    PROBLEMS = "problems", "整改清单"
    REPORT = "report", "情况报告"

    def named(self, year: int, name: str = "") -> str:
        """Return what a file of it is called: of which member, of which year, and that it is of the appraisal."""
        words, work = self.label.partition("（")[0], "民主评议"
        return f"{name}{year}年度{words if words.startswith(work) else work + words}"

    @property
    def needs_grades(self) -> bool:
        """Whether it says grades, and so waits until they are set."""
        return self in (Paper.FEEDBACK, Paper.PUBLICITY, Paper.REPORT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter as its file words it."""

    id: str
    heading: str
    addressee: str
    text: str
    signer: str

    def lines(self, facts: Mapping[str, str]) -> list[str]:
        """Return the paragraphs, filled; a line that begins with ? falls away where one of its facts is not known."""
        found = []
        for line in self.text.strip().splitlines():
            words = line.removeprefix("?").strip()
            if line.startswith("?") and any(not facts.get(name) for name in _HOLDER.findall(words)):
                continue
            found.append(filled(words, facts))
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of the papers."""

    aspects: tuple[str, ...]
    aspect_marks: tuple[str, ...]
    branch_marks: tuple[str, ...]
    letters: Mapping[str, Letter]


@cache
def words() -> Words:
    """Return the words of the papers, from the file.

    Raises:
        PackInvalid: the file breaks its form; a defect of ours.
    """
    root = read_toml(resource(FILE).read_bytes(), FILE)
    root.choice("schema", ("appraisal-papers/1",), "格式")
    root.text("version")
    letters = root.rows("letters", read_letter)
    found = Words(
        aspects=root.texts("aspects"),
        aspect_marks=root.texts("aspect_marks"),
        branch_marks=root.texts("branch_marks"),
        letters={letter.id: letter for letter in letters},
    )
    root.done()
    return found


def read_letter(table: Table) -> Letter:
    """Return a letter as its table words it.

    Raises:
        PackInvalid: a word is missing.
    """
    return Letter(
        id=table.text("id"),
        heading=table.text("heading"),
        addressee=table.text("addressee", ""),
        text=table.text("text"),
        signer=table.text("signer"),
    )


def facts_of(found: Round, branch: str) -> dict[str, str]:
    """Return what is known of a round for its letters, as people write it."""
    facts, quota = found.facts, found.quota
    took_part = [line for line in found.lines if line.takes_part]
    excellent = [line.name for line in found.rated if line.grade is AppraisalGrade.EXCELLENT]
    known: dict[str, str | int | None] = {
        "branch": branch,
        "year": found.for_year,
        "theme": facts.theme,
        "planned": day(facts.planned_on),
        "held": day(found.meeting_on),
        "guest": facts.guest,
        "study": day(facts.study_on),
        "study_topics": facts.study_topics,
        "opinion_n": sum(opinion.times for opinion in found.opinions) or None,
        "talk_n": found.talks or None,
        "criticism_n": len(found.criticisms) or None,
        "due_n": len(took_part),
        "present_n": found.present or None,
        "members_total": found.members_total,
        "probationary_n": len(found.unrated),
        "rated_n": len(found.rated),
        "quota_words": f"{quota.base.label}的{quota.share}",
        "issued": facts.issued,
        "collected": facts.collected,
        "valid": facts.valid,
        "branch_good": facts.branch_good,
        "branch_fair": facts.branch_fair,
        "branch_average": facts.branch_average,
        "branch_poor": facts.branch_poor,
        "problem_n": len(found.problems),
        "closed_n": sum(problem.closed for problem in found.problems),
        "publish_workdays": found.rules.publish_workdays or None,
        "excellent": "、".join(excellent),
    }
    if found.decided:
        known |= {
            "decided": day(facts.decided_on),
            "excellent_n": found.count(AppraisalGrade.EXCELLENT),
            "qualified_n": found.count(AppraisalGrade.QUALIFIED),
            "basic_n": found.count(AppraisalGrade.BASICALLY_QUALIFIED),
            "unqualified_n": found.count(AppraisalGrade.UNQUALIFIED),
        }
    return {name: "" if value is None else str(value) for name, value in known.items()}


def last_day(found: Round) -> date:
    """Return the day a paper of the round is of: when grades were set, else today."""
    return found.facts.decided_on or found.today
