"""The standard of a real store: editions, facts from the tables, ratings, evidence."""

import tomllib
from datetime import date

import pytest

from desktop.models.appraisal import AppraisalResult
from desktop.models.meetings import ActionItem, Attendance, Meeting, Vote
from desktop.models.members import Member, MemberCondition
from desktop.models.registers import REGISTERS
from desktop.models.standards import StandardPack, VerifiedRating
from desktop.models.vocabulary.branches import ConditionKind, MemberStatus
from desktop.models.vocabulary.meetings import AppraisalGrade, AttendanceState, MeetingKind, MeetingState
from desktop.paths import resource
from desktop.services.errors import Conflict, InvalidInput, NotFound, PackInvalid
from desktop.services.registers import RegisterService
from desktop.services.standards.kinds import kept_kinds
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from tests.services.standards.rosters import people
from tests.services.standards.samples import PACK
from tests.standard import ITEMS

TEXT = resource("standards/branch_standard.toml").read_text("utf-8")
VERSION = tomllib.loads(TEXT)["version"]
ON = date(2026, 11, 22)


def hold(store: Store, kind: MeetingKind, on: date, attended: list[str], **fields: object) -> str:
    """Keep a meeting that is minuted, with who attended."""
    values = {"for_year": on.year, "topic": "学习研讨", "state": MeetingState.MINUTED, **fields}
    with store.unit_of_work("记录会议") as session:
        row = Meeting(branch_id=store.branch_id, kind=kind, held_on=on, **values)
        session.add(row)
        session.flush()
        session.add_all(
            Attendance(
                branch_id=store.branch_id,
                meeting_id=row.id,
                member_id=one,
                state=AttendanceState.PRESENT,
                has_vote=True,
            )
            for one in attended
        )
        return row.id


# ---- editions


def test_a_new_store_scores_by_the_standard_it_was_born_with(store: Store) -> None:
    service = StandardService(store)
    assert service.pack() == PACK
    (edition,) = service.editions()
    assert (edition.version, edition.in_force) == (VERSION, True)
    result = service.score()
    assert (result.on, result.year) == (ON, 2026)
    assert len(result.items) == ITEMS


def test_a_past_year_keeps_the_edition_it_was_worked_under(store: Store) -> None:
    service = StandardService(store)
    newer = TEXT.replace(f'version = "{VERSION}"', 'version = "2027.1"').replace(
        "effective_from = 2026-01-01", "effective_from = 2027-01-01"
    )
    service.add_edition(newer, "2027.toml")
    assert service.pack(ON).version == VERSION
    assert service.pack(date(2027, 4, 1)).version == "2027.1"
    assert service.pack(date(2027, 4, 1), 2026).version == VERSION
    assert [e.version for e in service.editions(on=date(2027, 4, 1)) if e.in_force] == ["2027.1"]
    assert service.pack(date(2025, 5, 1)).version == VERSION  # before the first, the first


def test_an_edition_with_a_fault_is_refused_and_nothing_is_kept(store: Store) -> None:
    service = StandardService(store)
    with pytest.raises(PackInvalid) as caught:
        service.add_edition(TEXT.replace("trace_weight = 1.0", "trace_weight = 3.0", 1), "坏标准.toml")
    assert caught.value.file == "坏标准.toml"
    with pytest.raises(Conflict):
        service.add_edition(TEXT.replace("依规设置党支部", "设置党支部"), "同号.toml")
    assert len(service.editions()) == 1


def test_without_any_standard_the_store_says_so(store: Store) -> None:
    with store.unit_of_work("清空标准") as session:
        session.query(StandardPack).delete()
    with pytest.raises(NotFound):
        StandardService(store).score()


# ---- facts


def test_facts_hold_what_the_tables_hold(store: Store) -> None:
    ids = people(store)
    meeting_id = hold(
        store,
        MeetingKind.BRANCH_CONGRESS,
        date(2026, 3, 5),
        ids[:6],
        started_at="09:00",
        ended_at="10:30",
        tags=["work_analysis"],
        speaker_ids=[ids[0]],
        follow_up="已落实",
        confirmed_on=date(2026, 3, 10),
    )
    hold(store, MeetingKind.THEME_DAY, date(2026, 4, 5), ids, state=MeetingState.PLANNED)
    with store.unit_of_work("补充") as session:
        session.add(
            Vote(
                branch_id=store.branch_id,
                meeting_id=meeting_id,
                position=0,
                kind="congress_ordinary",
                subject="年度计划",
                due=9,
                present=6,
                yes=6,
                no=0,
                abstain=0,
                declared_passed=True,
            )
        )
        session.add(
            ActionItem(
                branch_id=store.branch_id,
                meeting_id=meeting_id,
                position=0,
                what="走访",
                due_on=date(2026, 4, 1),
                done_on=date(2026, 3, 20),
            )
        )
        session.add(
            MemberCondition(
                branch_id=store.branch_id, member_id=ids[8], kind=ConditionKind.RETIRED, from_on=date(2026, 5, 1)
            )
        )
    facts = StandardService(store).facts(2026)
    (held,) = facts.meetings
    assert (held.minutes, held.followed_up, held.confirmed_on) == (90, True, date(2026, 3, 10))
    assert held.agenda_tags == {"work_analysis"}
    assert held.speaker_ids == {ids[0]}
    assert len(held.attendance) == 6
    assert held.votes[0].passed is True
    assert held.tasks[0].in_time(ON)
    assert facts.terms[0].expires_on == date(2028, 3, 1)
    assert facts.store_created_on == date(2026, 1, 1)
    last = next(m for m in facts.members if m.id == ids[8])
    assert last.at_work(date(2026, 4, 30))
    assert not last.at_work(date(2026, 5, 1))
    assert last.filled >= {"name", "admitted_on", "full_on", "group_id"}
    assert "phone" not in last.filled


def test_meetings_of_next_spring_that_settle_the_year_are_among_its_facts(store: Store) -> None:
    ids = people(store)
    hold(store, MeetingKind.ORG_LIFE_MEETING, date(2027, 2, 1), ids, for_year=2026)
    service = StandardService(store)
    assert service.score(date(2027, 4, 1), 2026).item("D4-06").status == "met"
    assert service.score(date(2027, 1, 31), 2026).item("D4-06").status == "running"


def test_a_member_who_left_is_no_longer_asked(store: Store) -> None:
    ids = people(store)
    with store.unit_of_work("转出") as session:
        member = session.get(Member, ids[8])
        assert member is not None
        member.status, member.left_on = MemberStatus.TRANSFERRED_OUT, date(2026, 6, 1)
    facts = StandardService(store).facts(2026)
    gone = next(m for m in facts.members if m.id == ids[8])
    assert gone.on_roster(date(2026, 5, 31))
    assert not gone.on_roster(date(2026, 6, 1))


def test_rows_in_the_recycle_bin_count_nowhere(store: Store) -> None:
    ids = people(store)
    registers = RegisterService(store)
    record = registers.save(
        "commitment", {"event_on": date(2026, 3, 1), "title": "带头", "member_id": ids[0], "result": "kept"}
    )
    service = StandardService(store)
    assert service.facts(2026).by_kind["commitment"][0].outcome is True
    registers.remove("commitment", record)
    assert "commitment" not in service.facts(2026).by_kind


def test_every_declared_register_is_kept_and_feeds_its_rule(store: Store) -> None:
    assert set(REGISTERS) <= kept_kinds()
    rules = [(i.id, i.rule, r) for i in PACK.items for r in (i.rule, *i.rule.rules)]
    counted = [(i, r.params["record"]) for i, _, r in rules if r.kind == "record_count"]
    missing = {kind for _, kind in counted} - kept_kinds()
    assert missing == set()
    ids = people(store)
    plain = [(i, k) for i, k in counted if not PACK.item(i).applies_if and i not in ("D3-07", "D7-02", "D6-02")]
    for item_id, _ in plain:
        before = StandardService(store).score().item(item_id)
        assert before.status != "pending", item_id
    registers = RegisterService(store)
    registers.save("study_plan", {"event_on": date(2026, 1, 20), "title": "计划", "year": 2026})
    registers.save(
        "contact_visit", {"event_on": date(2026, 2, 1), "title": "到站", "member_id": ids[1], "place": "一所"}
    )
    result = StandardService(store).score()
    assert result.item("D3-01").status == "met"
    assert result.item("D2-07").ratio == pytest.approx(1 / 12)


def test_how_people_judged_a_record_is_read_from_its_register(store: Store) -> None:
    ids = people(store)
    registers = RegisterService(store)
    registers.save(
        "duty_report",
        {
            "event_on": date(2026, 1, 20),
            "title": "年度述职",
            "member_id": ids[0],
            "to_whom": "党员大会",
            "favourable": 8,
            "asked": 9,
        },
    )
    for day, satisfied in ((3, True), (4, True), (5, False), (6, None)):
        values = {"event_on": date(2026, 2, day), "title": "走访", "member_id": ids[0], "customer": "便民店"}
        registers.save("customer_visit", {**values, "satisfied": satisfied})
    kinds = StandardService(store).facts(2026).by_kind
    assert [(r.satisfied, r.asked) for r in kinds["duty_report"]] == [(8, 9)]
    assert [(r.satisfied, r.asked) for r in kinds["customer_visit"]] == [(1, 1), (1, 1), (0, 1), (None, None)]


def test_an_entity_walks_through_its_states_by_the_days_people_gave(store: Store) -> None:
    people(store)
    registers = RegisterService(store)
    registers.save(
        "party_plus_project",
        {"title": "红色驿站", "track": "customer", "state": "active", "started_on": date(2026, 1, 10)},
    )
    registers.save("practical_deed", {"title": "修路灯", "state": "done", "done_on": date(2026, 6, 1), "state_on": ON})
    facts = StandardService(store).facts(2026)
    assert facts.by_kind["party_plus_project"][0].state_on(date(2026, 3, 31)) == "active"
    assert ("done", date(2026, 6, 1)) in facts.by_kind["practical_deed"][0].states
    assert StandardService(store).score().item("D5-02").ratio == 1


def test_grades_of_the_appraisal_are_only_counted(store: Store) -> None:
    ids = people(store)
    hold(store, MeetingKind.DEMOCRATIC_APPRAISAL, date(2027, 1, 20), ids, for_year=2026)
    with store.unit_of_work("评议结果") as session:
        session.add_all(
            AppraisalResult(
                branch_id=store.branch_id,
                for_year=2026,
                member_id=one,
                grade=AppraisalGrade.EXCELLENT if n < 3 else AppraisalGrade.QUALIFIED,
            )
            for n, one in enumerate(ids)
        )
    assert StandardService(store).score(date(2027, 2, 1), 2026).item("D4-07").status == "met"


def test_a_meeting_whose_place_is_a_registered_venue_is_a_use_of_it(store: Store) -> None:
    ids = people(store)
    registers = RegisterService(store)
    venue = registers.save("venue", {"title": "党员活动室", "kind": "room"})
    hold(store, MeetingKind.THEME_DAY, date(2026, 1, 8), ids, place="党员活动室")
    hold(store, MeetingKind.THEME_DAY, date(2026, 1, 9), ids, place="烟叶站")
    registers.save(
        "venue_use", {"event_on": date(2026, 1, 8), "title": "学习", "venue_id": venue, "purpose": "主题党日"}
    )
    uses = StandardService(store).facts(2026).venue_uses
    assert [(use.kind, use.matched) for use in uses] == [("venue_use", True)]


def test_the_verified_score_is_shown_once_fed_back(store: Store) -> None:
    people(store)
    service = StandardService(store)
    assert service.verified_score() is None
    with store.unit_of_work("收到反馈") as session:
        session.add(
            VerifiedRating(
                branch_id=store.branch_id,
                year=2026,
                item_id="D1-01",
                criterion=0,
                value_hundredths=100,
                rated_on=ON,
                ground="抽查",
            )
        )
    verified = service.verified_score()
    assert verified is not None
    assert verified.item("D1-01").capped
    assert not service.score().item("D1-01").capped


# ---- evidence and readiness


def test_evidence_is_numbered_in_order_of_date(store: Store) -> None:
    ids = people(store)
    hold(store, MeetingKind.BRANCH_CONGRESS, date(2026, 5, 5), ids)
    hold(store, MeetingKind.BRANCH_CONGRESS, date(2026, 2, 5), ids)
    found = StandardService(store).evidence("D4-01")
    assert [(e.number, e.used.on) for e in found] == [
        ("2026-D4-01-001", date(2026, 2, 5)),
        ("2026-D4-01-002", date(2026, 5, 5)),
    ]
    with pytest.raises(NotFound):
        StandardService(store).evidence("D9-99")


def test_ready_looks_ahead_not_back(store: Store) -> None:
    people(store)
    service = StandardService(store)
    found = service.ready(date(2026, 12, 31))
    assert found.days == 39
    assert found.then.item("D2-06").status == "open"
    assert found.now.item("D2-06").status == "running"
    with pytest.raises(InvalidInput, match="不能早于今天"):
        service.ready(date(2026, 11, 21))
