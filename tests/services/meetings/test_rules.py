"""The rules of the day a meeting is held."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.services.development.rules import edition_of_day
from desktop.services.meetings import MeetingDraft, MeetingRules
from tests.stores import new_store

DAY = date(2026, 3, 1)


@pytest.fixture
def rules(tmp_path: Path) -> Iterator[MeetingRules]:
    with new_store(tmp_path / "store") as store:
        yield MeetingRules(store)


def test_votes_are_judged_by_the_rules_in_force(rules: MeetingRules) -> None:
    assert [kind.id for kind in rules.vote_kinds(DAY)][:2] == ["congress_ordinary", "admit_probationary"]
    assert rules.judge("admit_probationary", 10, 5, 5, 0, 0, on=DAY).quorate is False
    assert rules.judge("congress_ordinary", 10, 5, 5, 0, 0, on=DAY).quorate is True


@pytest.mark.parametrize("day", [date(2026, 3, 1), date(2026, 11, 20)], ids=["2014", "2026"])
def test_an_opinion_handed_in_beforehand_counts_under_either_edition_of_the_admission_rules(
    rules: MeetingRules, day: date
) -> None:
    editions = rules.law(day).development
    assert edition_of_day(editions, day) is list(editions.values())[day.month > 5]
    verdict = rules.judge("admit_probationary", 9, 5, 4, 1, 0, written=1, written_yes=1, on=day)
    assert (verdict.quorate, verdict.passed) == (True, True)
    assert rules.judge("confirm_full", 9, 4, 4, 0, 0, written=5, written_yes=5, on=day).quorate is False


def test_tags_are_those_of_the_standard(rules: MeetingRules) -> None:
    assert rules.agenda_tags(DAY)["work_analysis"] == "专题研判"


def test_a_year_that_was_chosen_is_not_proposed_over(rules: MeetingRules) -> None:
    draft = MeetingDraft(MeetingKind.ORG_LIFE_MEETING, date(2026, 1, 20))
    assert rules.for_year(draft)[0] == 2025
    chosen = MeetingDraft(MeetingKind.ORG_LIFE_MEETING, date(2026, 1, 20), for_year=2026)
    assert rules.for_year(chosen) == (2026, "")
