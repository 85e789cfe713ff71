"""A draft is kept, tried out on a branch, settled and withdrawn in time; branches follow with the feedback."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.models.vocabulary.stores import StandardKind, StoreKind
from desktop.services.errors import InvalidInput, PackInvalid, Unreckonable
from desktop.services.meetings import MeetingDraft, MeetingService
from desktop.services.standards.editing.draft import StandardDraft
from desktop.services.standards.editing.service import EditingService, look_at
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from tests.services.sync.pairs import add_member
from tests.services.sync.parties import enrol, make, reopened

STANDARD = StandardKind.BRANCH_STANDARD
AT, LATER = "2026-03-01 08:00", "2026-04-20 08:00"
ITEMS = ("dimensions", 3, "items")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store, Path]]:
    folder = tmp_path_factory.mktemp("editing")
    headquarters = make(folder / "headquarters", StoreKind.HEADQUARTERS, "市公司党建科")
    branch = make(folder / "branch", name="云河县站党支部")
    enrol(headquarters, branch, "ZK01", "云河县站党支部", folder / "keys")
    add_member(branch, "张伟")
    MeetingService(branch).record(MeetingDraft(kind=MeetingKind.THEME_DAY, held_on=date(2026, 2, 5), topic="清明"))
    (folder / "stick").mkdir()
    report = Sender(branch).pack(folder / "stick").file
    assert [result.code for result in Receiver(headquarters).receive([report])] == ["OK"]
    yield headquarters, branch, folder / "stick"
    headquarters.close()
    branch.close()


def with_new_item(draft: StandardDraft) -> StandardDraft:
    """Let the theme day of a year be an item of its own, paid for by another."""
    path = draft.add((*ITEMS, 9))
    for field, value in (
        ("title", "主题党日有总结"),
        ("target", "每年至少一次"),
        ("trace_weight", Decimal("0.5")),
        ("rule", {"kind": "meeting_count", "meeting": "theme_day", "min": 1, "per": "year"}),
    ):
        draft.put((*path, field), value)
    draft.put((*ITEMS, 0, "quality_weight"), 1)
    return draft


def test_a_draft_is_kept_between_sessions_and_dropped(made: tuple[Store, Store, Path]) -> None:
    service = EditingService(made[0])
    assert service.draft(STANDARD) is None
    draft = service.begin(STANDARD)
    assert (draft.at(("version",)), draft.at(("effective_from",))) == ("2027.1", date(2027, 1, 1))
    draft.put((*ITEMS, 0, "title"), "党员大会")
    service.keep(STANDARD, draft.text)
    again = EditingService(made[0]).draft(STANDARD)
    assert again is not None
    assert again.text == draft.text
    service.drop(STANDARD)
    assert service.draft(STANDARD) is None


def test_an_item_is_tried_out_on_what_a_branch_sent(made: tuple[Store, Store, Path]) -> None:
    headquarters, branch, _stick = made
    service = EditingService(headquarters)
    draft = with_new_item(service.begin(STANDARD))
    trial = service.trial(draft, "D4-11", branch.org)
    assert trial.now is None
    assert trial.then.ratio == 1
    assert [used.kind for used in trial.then.used] == ["meeting"]
    draft.put((*ITEMS, 10, "rule", "min"), 3)
    assert service.trial(draft, "D4-11", branch.org).then.ratio != 1
    draft.put((*ITEMS, 10, "title"), "")
    with pytest.raises(InvalidInput, match="先改好D4-11"):
        service.trial(draft, "D4-11", branch.org)


def test_a_draft_is_settled_only_sound_changed_and_for_a_day_to_come(made: tuple[Store, Store, Path]) -> None:
    service = EditingService(made[0])
    draft = service.begin(STANDARD)
    with pytest.raises(InvalidInput, match="没有不同"):
        service.settle(draft)
    assert [problem.what for problem in service.problems(draft)] == ["和在用的版本没有不同"]
    draft.put((*ITEMS, 0, "trace_weight"), 9)
    with pytest.raises(PackInvalid, match="条目分值合计"):
        service.settle(draft)
    draft.put(("effective_from",), date(2026, 1, 1))
    with pytest.raises(InvalidInput, match="不能早于今天"):
        service.settle(draft)
    past = service.problems(draft)[0]
    assert (past.item, past.path) == ("从哪天起用", ("effective_from",))
    assert past.what.startswith("不能早于今天")


def test_the_check_tells_that_a_version_is_taken_as_settling_does(made: tuple[Store, Store, Path]) -> None:
    service = EditingService(made[0])
    draft = with_new_item(service.begin(STANDARD))
    assert service.problems(draft) == ()
    draft.put(("version",), service.current(STANDARD).version)
    (taken,) = service.problems(draft)
    assert (taken.item, taken.path) == ("版本", ("version",))
    assert "已经有了" in taken.what
    with pytest.raises(InvalidInput, match="已经有了"):
        service.settle(draft)


def test_a_new_item_counts_at_a_branch_after_the_next_feedback_and_not_for_the_time_before(
    made: tuple[Store, Store, Path],
) -> None:
    headquarters, branch, stick = made
    service = EditingService(headquarters)
    draft = with_new_item(service.begin(STANDARD))
    draft.put(("effective_from",), date(2026, 4, 1))
    settled = service.settle(draft)
    assert service.draft(STANDARD) is None
    assert service.withdrawable(settled)
    feedback = Sender(headquarters).answer(None, stick)[0].file
    assert [result.code for result in Receiver(branch).receive([feedback])] == ["OK"]
    assert "D4-11" not in [item.id for item in StandardService(branch).score().items]
    later = reopened(branch, LATER)
    score = StandardService(later).score()
    assert score.item("D4-11").ratio == 1
    assert "D4-11" not in [item.id for item in StandardService(later).score(date(2026, 3, 31)).items]

    # withdrawn too late there, but in time here: the branch keeps what holds, the next edition takes its place
    withdrawn = service.withdraw(settled.id)
    assert withdrawn.version == settled.version
    assert settled.version not in [edition.version for edition in StandardService(headquarters).editions()]


def test_an_edition_withdrawn_in_time_vanishes_at_the_branch(tmp_path: Path) -> None:
    headquarters = make(tmp_path / "headquarters", StoreKind.HEADQUARTERS, "市公司党建科")
    branch = make(tmp_path / "branch", name="云河县站党支部")
    enrol(headquarters, branch, "ZK01", "云河县站党支部", tmp_path / "keys")
    stick = tmp_path / "stick"
    stick.mkdir()
    Receiver(headquarters).receive([Sender(branch).pack(stick).file])
    service = EditingService(headquarters)
    draft = service.begin(StandardKind.HORSE_RACE)
    draft.put(("publish_days",), 25)
    settled = service.settle(draft)
    versions = StandardService(branch).editions
    Receiver(branch).receive([Sender(headquarters).answer(None, stick)[0].file])
    assert settled.version in [edition.version for edition in versions(StandardKind.HORSE_RACE)]
    service.withdraw(settled.id)
    Receiver(branch).receive([Sender(headquarters).answer(None, stick)[0].file])
    assert settled.version not in [edition.version for edition in versions(StandardKind.HORSE_RACE)]
    built_in = versions(StandardKind.HORSE_RACE)
    assert len(built_in) == 1
    with pytest.raises(InvalidInput, match="程序自带"):
        service.withdraw(StandardService(headquarters).editions(StandardKind.HORSE_RACE)[0].id)


def test_a_file_is_looked_at_as_a_whole_before_it_becomes_a_draft(
    made: tuple[Store, Store, Path], tmp_path: Path
) -> None:
    service = EditingService(made[0])
    draft = with_new_item(service.begin(STANDARD))
    file = tmp_path / "标准.toml"
    file.write_text(draft.text, "utf-8")
    looked = look_at(made[0], file)
    assert looked.edition is not None
    assert [part.item for part in service.compare(looked.edition).differences] == ["", "D4-01", "D4-11"]
    taken = service.begin(STANDARD, looked.edition.text)
    assert taken.text == draft.text
    file.write_text(draft.text.replace("trace_weight", "trace_wait", 1), "utf-8")
    assert [problem.item for problem in look_at(made[0], file).problems] == ["D1-01", "D1-01"]


def test_a_draft_is_tried_out_on_every_branch_and_says_who_has_an_older_program(
    made: tuple[Store, Store, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    headquarters, branch, _stick = made
    service, told = EditingService(headquarters), list[int]()
    tried = service.trial_of_all(with_new_item(service.begin(STANDARD)), lambda done, _all: told.append(done))
    (line,) = tried.lines
    one = service.trial(with_new_item(service.begin(STANDARD)), "D4-11", branch.branch_id)
    assert (line.total_now, line.total_then) == (one.total_now, one.total_then)
    assert (tried.mean_apart, tried.left_out, told) == (line.apart, (), [1])
    assert service.behind() == []
    monkeypatch.setattr("desktop.services.sync.editions_told.__version__", "99.10.0")
    assert [each.name for each in service.behind()] == ["云河县站党支部"]


def test_a_branch_whose_data_cannot_be_reckoned_with_is_left_out_of_the_trial_by_name(
    made: tuple[Store, Store, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    headquarters, branch, _stick = made
    service = EditingService(headquarters)
    draft = with_new_item(service.begin(STANDARD))

    def damaged(*_: object, **__: object) -> None:
        raise ValueError("a row nobody thought of")

    monkeypatch.setattr("desktop.services.standards.scoring.score", damaged)
    tried = service.trial_of_all(draft)
    assert (tried.lines, tried.left_out, tried.broken) == ((), (), ("云河县站党支部",))
    with pytest.raises(Unreckonable):
        service.trial(draft, "D4-11", branch.branch_id)


def test_a_title_that_no_column_takes_is_a_problem_of_the_draft(made: tuple[Store, Store, Path]) -> None:
    draft = EditingService(made[0]).begin(STANDARD)
    draft.put(("title",), "标" * 5000)
    (problem,) = draft.problems()
    assert (problem.path, problem.what.endswith("最多120字")) == (("title",), True)


@pytest.mark.parametrize(
    ("field", "words"), [("version", "2027.1\n"), ("title", "标准\n2027"), ("title", "标\u202e准")]
)
def test_a_title_or_version_that_is_no_line_to_read_is_refused(
    made: tuple[Store, Store, Path], field: str, words: str
) -> None:
    draft = EditingService(made[0]).begin(STANDARD)
    draft.put((field,), words)
    assert [(problem.path, "一行文字" in problem.what) for problem in draft.problems()] == [((field,), True)]
    draft.put((field,), "2027　年")
    assert draft.problems() == ()
