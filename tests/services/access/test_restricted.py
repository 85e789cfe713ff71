"""A restricted talk on every road, for every role: those entitled see it, all others its day and that it counts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import cast

import openpyxl
import pytest
from sqlalchemy import select

from desktop.models.attachments import Attachment
from desktop.models.base import Travel, new_id
from desktop.models.duties import Talk
from desktop.models.history import Change
from desktop.models.standards import DISCIPLINE, GateFinding
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.meetings import TalkKind
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.access.users import UserService
from desktop.services.archive.binding import bind
from desktop.services.archive.extract import extract_document
from desktop.services.archive.rows import Unbound
from desktop.services.archive.service import ArchiveService
from desktop.services.attachments import AttachmentService
from desktop.services.errors import NotFound
from desktop.services.history import HistoryService
from desktop.services.home import read_home
from desktop.services.improvement.service import ImprovementService
from desktop.services.intake.record import ImportRecord
from desktop.services.member_year.service import MemberYearService
from desktop.services.members.life import LifeService
from desktop.services.recycling import RecycleBin
from desktop.services.registers.book import RegisterBook
from desktop.services.registers.service import RegisterService
from desktop.services.retention import RetentionService
from desktop.services.search import SearchService
from desktop.services.standards.screening import WITHHELD, WITHHELD_GATE, restricted_ids, screened
from desktop.services.standards.service import StandardService
from desktop.services.standards.verdict import Used
from desktop.services.store import Store
from desktop.services.sync.rows import attachments_of, outgoing
from desktop.services.workbooks import book
from tests.services.access.holders import AT, OTHER, Doors, Holder, Made, doors, holders, talks
from tests.sheets import workbook
from tests.stores import CHEAP, new_store

TITLE = "诫勉谈话一次"
ON = date(2026, 11, 22)
PUNISHED = new_id()
everybody = pytest.mark.parametrize("holder", holders(StoreKind.BRANCH), ids=lambda holder: holder.login)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    yield from doors(tmp_path_factory.mktemp("restricted"))


@everybody
def test_list_count_row_history_and_attachments(opened: Doors, holder: Holder) -> None:
    store, ids = opened.open(holder), opened.ids(StoreKind.BRANCH)
    registers, secret, entitled = RegisterService(store), ids["secret"], holder.may(Act.RESTRICTED)
    assert (secret in [row.id for row in registers.rows("talk", 2026)]) is entitled
    assert registers.counts(["talk"])["talk"] == 1 + entitled
    assert cast(RegisterBook, book(store, "talk")).withheld() == entitled
    assert bool(HistoryService(store).of("talk", secret)) is entitled
    assert bool(AttachmentService(store).list("talk", secret)) is entitled
    if entitled:
        assert registers.row("talk", secret).texts["title"] == TITLE
    else:
        with pytest.raises(NotFound):
            registers.row("talk", secret)
        with pytest.raises(NotFound):
            AttachmentService(store).read(ids["secret_file"])


@everybody
def test_the_score_is_the_same_for_all_and_names_it_to_nobody_else(opened: Doors, holder: Holder) -> None:
    score = StandardService(opened.open(holder)).score(ON, 2026)
    whole = StandardService(opened.open(holders(StoreKind.BRANCH)[0])).score(ON, 2026)
    assert (score.total, score.max) == (whole.total, whole.max)
    assert TITLE not in {used.title for item in score.items for used in item.used}


def test_a_record_that_is_withheld_keeps_its_day_and_its_points(opened: Doors) -> None:
    store, shown = opened.open(holders(StoreKind.BRANCH)[0]), opened.ids(StoreKind.BRANCH)["open"]
    whole = StandardService(store).score(ON, 2026)
    score = screened(whole, {shown})
    (told,) = {used for item in score.items for used in item.used if used.id == shown}
    assert (told.title, told.on) == (WITHHELD, date(2026, 3, 5))
    assert [item.got for item in score.items] == [item.got for item in whole.items]
    with store.reading(whole=True) as session:
        assert restricted_ids(session) == {opened.ids(StoreKind.BRANCH)["secret"]}


@everybody
def test_no_figure_count_or_list_made_of_all_records_names_it_to_others(opened: Doors, holder: Holder) -> None:
    store = opened.open(holder)
    service, score = StandardService(store), StandardService(store).score(ON, 2026)
    told = repr(
        (
            read_home(store, 2026, ON),
            service.ready(ON, 2026),
            ArchiveService(store).preflight(2026),
            ImprovementService(store).current(),
            [service.evidence_of(score, item.id) for item in score.items],
        )
    )
    secret = (TITLE, TalkKind.ADMONITION.label, f"{TalkKind.ADMONITION}.txt")
    assert holder.may(Act.RESTRICTED) or not any(words in told for words in secret)


@everybody
def test_the_year_of_a_member_counts_it_for_the_entitled_alone(opened: Doors, holder: Holder) -> None:
    year = MemberYearService(opened.open(holder)).year(opened.ids(StoreKind.BRANCH)["other"], 2026)
    assert len(year.talks) == (2 if holder.may(Act.RESTRICTED) else 1)


@everybody
def test_a_withheld_record_shows_neither_its_papers_nor_a_way_to_it(opened: Doors, holder: Holder) -> None:
    store, shown = opened.open(holder), opened.ids(StoreKind.BRANCH)["secret"]
    whole = StandardService(opened.open(holders(StoreKind.BRANCH)[0])).score(ON, 2026)
    item = next(each for each in whole.items if each.used)
    mine = replace(item, verdict=replace(item.verdict, used=(Used("talk", shown, ON, TITLE),)))
    score = replace(whole, items=(mine,))
    (evidence,) = StandardService(store).evidence_of(score, item.id)
    assert evidence.attachments == int(holder.may(Act.RESTRICTED))
    ids = None if holder.may(Act.RESTRICTED) else {shown}
    ((used,),) = [each.used for each in screened(score, ids).items]
    assert used.withheld is (ids is not None)


@everybody
def test_in_the_recycle_bin_it_is_named_to_the_entitled_alone(opened: Doors, holder: Holder) -> None:
    store, secret = opened.open(holder), opened.ids(StoreKind.BRANCH)["secret"]
    with store.sessions.begin() as session:
        session.get_one(Talk, secret).deleted_at_utc = "2026-11-22T01:00:00Z"
    try:
        assert (TITLE in repr(RecycleBin(store).rows())) is holder.may(Act.RESTRICTED)
    finally:
        with store.sessions.begin() as session:
            session.get_one(Talk, secret).deleted_at_utc = None


@everybody
def test_a_punishment_caps_the_grade_for_all_and_is_named_to_the_entitled(opened: Doors, holder: Holder) -> None:
    store = opened.open(holder)
    with store.sessions.begin() as session:  # as it comes with the feedback of headquarters
        if session.get(GateFinding, PUNISHED) is None:
            session.add(
                GateFinding(
                    id=PUNISHED,
                    branch_id=store.branch_id,
                    year=2026,
                    gate_id=DISCIPLINE[0],
                    ground="严重警告一人",
                    found_on=ON,
                )
            )
    (gate,) = [each for each in StandardService(store).score(ON, 2026).gates if each.id == DISCIPLINE[0]]
    assert gate.max_grade == "good"
    entitled = holder.may(Act.RESTRICTED)
    assert (gate.ground == "严重警告一人") is entitled
    assert (gate.name == WITHHELD_GATE) is not entitled
    with store.reading() as session:
        assert (session.get(GateFinding, PUNISHED) is not None) is entitled


@everybody
def test_an_archive_says_how_many_it_leaves_out_to_the_entitled_alone(opened: Doors, holder: Holder) -> None:
    store, ids = opened.open(holder), opened.ids(StoreKind.BRANCH)
    binding = bind(store, 2026, ON)
    left = [each.id for each in binding.left_out if each.why is Unbound.RESTRICTED]
    entitled = holder.may(Act.RESTRICTED)
    assert left == ([ids["secret"]] if entitled else [])
    said = ["“谈话记录”1件属内部掌握，不装入档案"] if entitled else []
    assert [gap.what for gap in binding.problems if "内部掌握" in gap.what] == said
    assert ids["secret"] not in {piece.used.id for piece in binding.pieces.values()}


@everybody
def test_a_search_finds_and_counts_it_and_its_files_for_the_entitled_alone(opened: Doors, holder: Holder) -> None:
    service = SearchService(opened.open(holder))
    service.refresh()
    assert bool(service.find(TITLE).total) is holder.may(Act.RESTRICTED)
    assert bool(service.find(f"{TalkKind.ADMONITION}.txt").total) is holder.may(Act.RESTRICTED)
    assert service.find(f"{TalkKind.HEART_TALK}.txt").total == 1


@everybody
def test_no_sheet_and_no_timeline_holds_it(opened: Doors, holder: Holder, tmp_path: Path) -> None:
    store, ids = opened.open(holder), opened.ids(StoreKind.BRANCH)
    if holder.may(Act.EXPORT):
        book(store, "talk").export(tmp_path / "谈话.xlsx")
        sheet = openpyxl.load_workbook(tmp_path / "谈话.xlsx").active
        assert sheet is not None
        assert TITLE not in {cell for line in sheet.iter_rows(values_only=True) for cell in line}
    assert not any(TITLE in str(row) for row in LifeService(store).history(ids["other"]))
    assert not any(TITLE in str(row) for row in HistoryService(store).of("members", ids["other"]))
    assert not any(TITLE in work.what for work in read_home(store, 2026, ON).works)


@everybody
def test_the_trail_tells_of_it_and_its_files_to_the_entitled_alone(opened: Doors, holder: Holder) -> None:
    lines = " ".join(row.sentence for row in HistoryService(opened.open(holder)).trail())
    assert (TITLE in lines) is holder.may(Act.RESTRICTED)
    assert (f"{TalkKind.ADMONITION}.txt" in lines) is holder.may(Act.RESTRICTED)
    assert f"{TalkKind.HEART_TALK}.txt" in lines


@everybody
def test_an_extract_of_the_person_and_a_list_of_what_may_go_hold_it_for_the_entitled(
    opened: Doors, holder: Holder
) -> None:
    store, ids = opened.open(holder), opened.ids(StoreKind.BRANCH)
    extract = repr(extract_document(store, ids["other"]).blocks)
    assert (TITLE in extract) is holder.may(Act.RESTRICTED)
    if holder.may(Act.ERASE):
        assert ids["secret"] not in {each.id for each in RetentionService(store).proposals()}


def test_a_package_carries_no_word_of_it_whoever_packs(opened: Doors) -> None:
    store, ids = opened.open(holders(StoreKind.BRANCH)[0]), opened.ids(StoreKind.BRANCH)
    with store.reading(whole=True) as session:
        rows = list(outgoing(session, Travel.UP, store.org))
        sums = {sha256 for sha256, _size in attachments_of(session, store.org)}
        secret = session.get_one(Attachment, ids["secret_file"])
    text = repr(rows)
    assert TITLE not in text
    assert f"{TalkKind.ADMONITION}.txt" not in text
    assert f"{TalkKind.HEART_TALK}.txt" in text
    assert secret.sha256 not in sums


FORMER = "内部掌握的旧标题"


def _gone_or_opened(store: Store, ids: dict[str, str], folder: Path) -> tuple[str, str]:
    """Make a restricted talk an open one, after a file came to it and went; import one and take the import back."""
    registers, files = RegisterService(store), AttachmentService(store)
    talk = {"event_on": "2026-05-05", "talker_id": ids["member"], "talkee_id": ids["other"], "points": FORMER}
    opened = registers.save("talk", {**talk, "kind": TalkKind.ADMONITION, "title": FORMER})
    paper = folder / f"{FORMER}.txt"
    paper.write_text(FORMER, encoding="utf-8")
    files.remove(files.attach("talk", opened, paper).id)
    registers.save("talk", {"kind": TalkKind.HEART_TALK, "title": "普通谈话", "points": "普通要点"}, opened)
    registers.save("talk", {"title": "普通谈话二"}, opened)
    head = ["日期", "标题", "谈话类型", "谈话人", "谈话对象", "谈话要点"]
    people = [registers.row("talk", opened).texts[name] for name in ("talker_id", "talkee_id")]
    sheet = workbook(folder / "谈话.xlsx", [head, ["2026-04-05", FORMER, TalkKind.ADMONITION.label, *people, FORMER]])
    assert book(store, "talk").import_file(sheet).accepted == 1
    gone = next(row.id for row in registers.rows("talk", 2026) if row.texts["title"] == FORMER)
    ImportRecord(store).undo_last()
    return opened, gone


def test_what_was_ever_restricted_stays_so_in_history_when_the_record_is_open_or_gone(tmp_path: Path) -> None:
    def make(folder: Path, kind: StoreKind) -> Made:
        ids: dict[str, str] = {}
        with new_store(folder, kind, AT) as store:
            ids = talks(store)
            ids["opened"], ids["gone"] = _gone_or_opened(store, ids, tmp_path)
            for login in ("secretary", "branch_reader"):
                UserService(store).add(login, OTHER, [login], cost=CHEAP)
        return Made(folder, ids)

    everything = Doors(tmp_path, make)
    try:
        for holder in (Holder("secretary"), Holder("branch_reader")):
            store, ids = everything.open(holder), everything.ids(StoreKind.BRANCH)
            history, entitled = HistoryService(store), holder.may(Act.RESTRICTED)
            with store.reading() as session:
                raw = repr([(row.sentence, row.before, row.after) for row in session.scalars(select(Change))])
            told = (history.of("talk", ids["opened"]), history.of("talk", ids["gone"]), history.trail(), raw)
            assert [FORMER in repr(each) for each in told] == [entitled] * 4
            assert told[0][0].sentence.endswith("“普通谈话二”")
            assert len(told[0]) == (3 if entitled else 1)
    finally:
        everything.close()
