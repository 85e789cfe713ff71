"""What roles leave to everybody, and how far what they allow reaches."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.meetings import MeetingKind
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.backup import BackupService
from desktop.services.errors import NotAllowed
from desktop.services.meetings.rows import MeetingDraft
from desktop.services.meetings.service import MeetingService
from desktop.services.workbooks import books
from tests.services.access.holders import Doors, Holder, doors, holders

B, H = StoreKind.BRANCH, StoreKind.HEADQUARTERS
BOTH = (B, H)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    yield from doors(tmp_path_factory.mktemp("acts"))


def meeting(**values: object) -> MeetingDraft:
    return MeetingDraft(held_on=date(2026, 4, 9), topic="学习", **values)  # type: ignore[arg-type]


@pytest.mark.parametrize("holder", holders(B), ids=lambda holder: holder.login)
def test_a_meeting_of_a_group_is_written_by_its_leader_too(opened: Doors, holder: Holder) -> None:
    store, group = opened.open(holder), opened.ids(B)["group"]
    draft = meeting(kind=MeetingKind.GROUP_MEETING, group_id=group)
    if holder.may_write("meetings") or holder.is_limited("meetings"):
        MeetingService(store).record(draft)
    else:
        with pytest.raises(NotAllowed):
            MeetingService(store).record(draft)


@pytest.mark.parametrize("holder", [*holders(B), *holders(H)], ids=lambda holder: holder.login)
def test_the_daily_backup_and_empty_sheets_are_for_everybody(opened: Doors, holder: Holder, tmp_path: Path) -> None:
    store = opened.open(holder)
    BackupService(store).backup("每日自动")
    for book in {type(book): book for book in books(store)}.values():  # a kind of book writes all its sheets alike
        book.template(tmp_path / f"{book.name}.xlsx")


@pytest.mark.parametrize("holder", [each for each in holders(B) if each.may(Act.EXPORT)], ids=lambda each: each.login)
def test_an_exported_roster_holds_whole_id_numbers_for_the_entitled_only(
    opened: Doors, holder: Holder, tmp_path: Path
) -> None:
    import openpyxl

    store = opened.open(holder)
    next(book for book in books(store) if book.name == "members").export(tmp_path / "名册.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "名册.xlsx").active
    assert sheet is not None
    words = [str(cell) for line in sheet.iter_rows(values_only=True) for cell in line if cell]
    masked = [word for word in words if "****" in word]
    assert bool(masked) is not holder.may(Act.IDENTITY)
