"""The points of a year: every kind of rule by a worked case, and what holds whatever happened."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.paths import resource
from desktop.services.points.reckoning import AT_CAP, COUNTED_ONCE, Happened, MemberPoints, Person, PointsYear, reckon
from desktop.services.points.scheme import read_points
from desktop.services.spells import Stay

SCHEME = read_points(resource("standards/member_points.toml").read_bytes())
END = date(2026, 12, 31)
CHEN = Person(id="chen", name="陈晓东")


def happened(source: str, on: str = "2026-03-10", record: str = "r1", member: str = "chen", **more: object) -> Happened:
    """Return a fact of Chen, or of somebody else."""
    return Happened(
        **{
            "source": source,
            "member_id": member,
            "on": date.fromisoformat(on),
            "kind": "k",
            "record_id": record,
            **more,
        }  # type: ignore[arg-type]
    )


def year(*known: Happened, people: tuple[Person, ...] = (CHEN,), on: date = END) -> PointsYear:
    return reckon(SCHEME, people, known, 2026, on)


def chen(*known: Happened, person: Person = CHEN, on: date = END) -> MemberPoints:
    return year(*known, people=(person,), on=on).members[0]


def meetings(present: int, absent: int, excused: int = 0) -> list[Happened]:
    states = [(1, "")] * present + [(0, "事假")] * absent + [(0, "病假")] * excused
    return [
        happened("meeting:theme_day", record=f"m{n}", value=Fraction(came), choice=why)
        for n, (came, why) in enumerate(states)
    ]


@pytest.mark.parametrize(
    ("known", "points"),
    [
        (meetings(19, 1), "14.0"),  # 0.95: all
        (meetings(10, 10), "0.0"),  # 0.50: nothing
        (meetings(8, 2), "9.3"),  # 14 × (0.80 − 0.50) / 0.45 = 9.33
        (meetings(8, 2, excused=5), "9.3"),  # who is ill is not asked
        ([happened("meeting_speech", record=f"m{n}") for n in range(3)], "3.0"),
        ([happened("meeting_speech", record=f"m{n}") for n in range(9)], "4.0"),
        ([happened("org_life_prepare"), happened("org_life_prepare", record="r2")], "2.0"),
        ([happened("B2-02", value=Fraction(3))], "2.3"),  # 3 × 3 / 4 = 2.25, half up
        ([happened("B2-02", value=Fraction(1)), happened("B2-02", "2026-05-01", value=Fraction(4))], "3.0"),
        ([happened("personal_issue_closed_ratio"), happened("personal_issue_closed_ratio", value=Fraction(0))], "1.5"),
        ([happened("training_hours", value=Fraction(12))], "2.3"),  # 6 × 12 / 32 = 2.25
        ([happened("training_hours", value=Fraction(40))], "6.0"),
        ([happened("dues_paid_on_time", value=Fraction(n < 9)) for n in range(12)], "4.5"),
        ([happened("C3-01", choice="称职")], "3.0"),
        ([happened("C3-01", choice="没有的")], "0.0"),
        ([happened("improvement_effect"), happened("improvement_effect", record="r2")], "5.0"),
        ([happened("honour_city")], "5.0"),
        ([happened("honour_province", record=f"h{n}") for n in range(3)], "20.0"),  # at most 20 a year
    ],
)
def test_each_kind_of_rule(known: list[Happened], points: str) -> None:
    assert chen(*known).total == Decimal(points)


def test_hours_add_up_record_by_record_to_what_all_of_them_give() -> None:
    hours = [happened("volunteer_hours", f"2026-0{n}-05", f"v{n}", value=Fraction(5)) for n in range(1, 6)]
    entries = chen(*hours).entries
    assert [str(entry.points) for entry in entries] == ["1.9", "1.9", "1.8", "0.4", "0.0"]
    assert entries[-1].note == AT_CAP


def test_who_came_during_the_year_is_asked_for_the_hours_of_the_months_since() -> None:
    half = Person(id="chen", name="陈晓东", stays=(Stay(date(2026, 7, 14)),))
    assert chen(happened("volunteer_hours", "2026-08-01", value=Fraction(8)), person=half).contribution == 6
    assert chen(happened("volunteer_hours", "2026-08-01", value=Fraction(8))).contribution == 3


def test_deductions_take_from_the_total_and_never_below_nothing() -> None:
    lost = [happened("absent_unexcused", record=f"m{n}") for n in range(3)]
    assert chen(happened("honour_city"), *lost[:1]).total == 3
    assert chen(*lost).total == 0
    assert chen(*lost).deduction == -6


def test_an_event_counts_once_under_the_rule_that_gives_most() -> None:
    found = chen(happened("C2-02", record="t1"), happened("C2-01", record="t1"))
    assert [(entry.rule, str(entry.points), entry.note) for entry in found.entries] == [
        ("C2-01", "3.0", ""),
        ("C2-02", "0.0", COUNTED_ONCE),
    ]
    words = {"record": "", "title": "抗旱"}
    assert chen(happened("C4-01", **words), happened("C2-01", **words)).total == 3


def test_a_category_gives_no_more_than_its_cap() -> None:
    known = [happened("C2-01", record=f"a{n}") for n in range(4)] + [
        happened("C2-02", record=f"b{n}") for n in range(9)
    ]
    found = chen(*known)
    assert found.by_category["C2"] == 10
    assert found.contribution == 10


def test_what_lies_after_the_day_or_in_another_year_is_not_known_yet() -> None:
    known = happened("honour_city", "2026-10-02"), happened("honour_county", "2025-10-02", "r2")
    assert chen(*known, on=date(2026, 9, 30)).total == 0
    assert chen(*known).total == 5


def perfect(member: str) -> list[Happened]:
    """What gives 95 points and more."""
    once = ["org_life_prepare", "personal_issue_closed_ratio", "dues_paid_on_time", "commitment_kept_ratio"]
    return [
        *[happened(source, record=f"{source}{member}", member=member) for source in once],
        *[happened(s, record=s, member=member) for s in ("assigned_task_done_ratio", "beneficiary_satisfaction")],
        happened("meeting:theme_day", member=member),
        *[happened("meeting_speech", record=f"s{n}", member=member) for n in range(4)],
        *[happened("meeting_duty", record=f"d{n}", member=member) for n in range(2)],
        happened("B2-02", value=Fraction(4), member=member),
        *[happened(source, value=Fraction(40), member=member) for source in ("training_hours", "volunteer_hours")],
        *[happened("study_application_confirmed", record=f"u{n}", member=member) for n in range(2)],
        *[happened("C2-01", record=f"t{n}", member=member) for n in range(2)],
        *[happened("C2-02", record=f"p{n}", member=member) for n in range(4)],
        happened("C3-01", choice="优秀", member=member),
        *[happened("C3-02", record=f"i{n}", member=member) for n in range(2)],
        *[happened("C4-01", record=f"c{n}", member=member) for n in range(2)],
        happened("C4-02", value=Fraction(4), member=member),
        *[happened("C4-03", record=f"g{n}", member=member) for n in range(2)],
    ]


@pytest.mark.parametrize(
    ("source", "level"), [(None, "pioneer"), ("admonition", "pass"), ("discipline", "warn"), ("V-02", "warn")]
)
def test_a_veto_holds_the_level_down_and_leaves_the_points(source: str | None, level: str) -> None:
    others = tuple(Person(id=f"p{n}", name=f"张{n}") for n in range(3))
    more = [happened(source, record="v")] if source else []
    found = year(*perfect("chen"), *more, people=(CHEN, *others)).members[0]
    assert found.total == 98
    assert found.level == level


@pytest.mark.parametrize(
    ("perfects", "people", "pioneers"), [(6, 20, 6), (7, 20, 0), (5, 20, 5), (1, 3, 0), (3, 10, 3)]
)
def test_three_in_ten_at_most_are_pioneers_and_equals_at_the_limit_are_not(
    perfects: int, people: int, pioneers: int
) -> None:
    everybody = tuple(Person(id=f"p{n}", name=f"张{n}") for n in range(people))
    known = [fact for n in range(perfects) for fact in perfect(f"p{n}")]
    found = year(*known, people=everybody)
    assert [member.level for member in found.members].count("pioneer") == pioneers


def test_who_is_exempt_has_points_and_no_level_and_is_no_part_of_the_median() -> None:
    retired = Person(id="old", name="老李", flags=(("retired", None),))
    away = Person(id="away", name="小赵", flags=(("mobile", date(2026, 8, 1)),))
    new = Person(id="new", name="小钱", stays=(Stay(date(2026, 11, 1)),))
    known = [happened("honour_city", member=each, record=each) for each in ("old", "chen")]
    found = year(*known, people=(CHEN, retired, away, new))
    assert [(member.name, bool(member.exempt)) for member in found.members] == [
        ("陈晓东", False),
        ("老李", True),
        ("小赵", False),
        ("小钱", True),
    ]
    assert found.members[1].total == 5
    assert found.members[1].level == ""
    assert found.median == Decimal("2.5")


SOURCES = sorted({*(s for rule in SCHEME.rules for s in rule.sources), *(rule.id for rule in SCHEME.rules)})
FACTS = st.builds(
    Happened,
    source=st.sampled_from(SOURCES),
    member_id=st.sampled_from(["chen", "li", "wang", "zhao"]),
    on=st.integers(0, 364).map(lambda day: date(2026, 1, 1) + timedelta(day)),
    kind=st.just("k"),
    record_id=st.sampled_from(["", "a", "b", "c"]),
    value=st.fractions(0, 60, max_denominator=60),
    of=st.sampled_from([Fraction(0), Fraction(1), Fraction(100)]),
    choice=st.sampled_from(["", "优秀", "病假"]),
)


@given(st.lists(FACTS, max_size=60))
def test_sums_stay_within_their_caps_and_are_made_of_entries_whatever_the_order(known: list[Happened]) -> None:
    people = tuple(Person(id=each, name=each) for each in ("chen", "li", "wang", "zhao"))
    found = year(*known, people=people)
    assert [member.level for member in found.members].count("pioneer") <= len(people) * 3 // 10
    for member in found.members:
        assert 0 <= member.base <= 60
        assert 0 <= member.contribution <= 40
        assert 0 <= member.reward <= 20
        assert member.total == max(
            Decimal(0), min(Decimal(100), member.base + member.contribution) + member.reward + member.deduction
        )
        assert member.base + member.contribution == sum(member.by_category.values())
        for category in SCHEME.categories:
            rules = {rule.id for rule in category.rules}
            made = sum((entry.points for entry in member.entries if entry.rule in rules), start=Decimal(0))
            assert member.by_category[category.id] == min(made, Decimal(int(category.cap)))
        assert member.deduction == sum(
            (entry.points for entry in member.entries if entry.rule.startswith("K-")), start=Decimal(0)
        )


def test_of_a_year_of_which_nothing_is_known_nobody_is_ranked() -> None:
    found = year(people=(CHEN, Person(id="li", name="李某")))
    assert (found.ranked, found.median) == ((), None)
    assert {(member.level, member.level_name, member.exempt) for member in found.members} == {
        ("", "不排名", "这一年没有记录")
    }
    known = year(*meetings(1, 19), people=(CHEN, Person(id="li", name="李某")))
    assert [member.level for member in known.members] == ["warn", "warn"], "something is known: nought is nought"
