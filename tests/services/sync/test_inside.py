"""What is in a package, before it leaves."""

from pathlib import Path

import pytest

from desktop.services.errors import NotFound
from desktop.services.headquarters import HeadquartersService
from desktop.services.race.service import RaceService
from desktop.services.sync.inside import AREAS, FILES, FROM_ABOVE, Item, inside
from desktop.services.sync.kinds import TITLES
from desktop.services.sync.sending import Sender
from tests.services.sync.pairs import Pair, add_member, attach
from tests.stores import clock_at


def test_every_table_stands_in_one_area() -> None:
    named = [table for tables in AREAS.values() for table in tables]
    assert sorted([*named, "attachments"]) == sorted(TITLES)


def test_a_report_tells_its_records_by_area_its_files_and_what_changed_since(pair: Pair, tmp_path: Path) -> None:
    attach(pair.branch, tmp_path, b"signed", "签到表.bin")
    packed = Sender(pair.branch).pack(None)
    found = inside(pair.branch, packed.package_hash)
    assert (found.seq, found.file_name, found.changed) == (packed.seq, packed.file.name, 0)
    kinds = {kind.title: kind for kind in found.kinds}
    assert kinds["党员"].area == "党员"
    assert kinds["党员"].count == packed.counts["members"] == len(kinds["党员"].items)
    assert "王芳" in {item.name for item in kinds["党员"].items}
    assert kinds["会议"].area == "组织生活"
    assert found.kinds[-1].area == FILES
    assert Item("", "签到表.bin") in found.kinds[-1].items
    pair.branch.clock = clock_at("2026-12-31 09:00")
    add_member(pair.branch, "后来的")
    assert inside(pair.branch, packed.package_hash).changed >= 1


def test_feedback_tells_what_headquarters_sends_down(pair: Pair) -> None:
    pair.take(pair.report())
    packed = Sender(pair.headquarters).answer(None, None)[0]
    found = inside(pair.headquarters, packed.package_hash)
    assert {kind.area for kind in found.kinds} == {FROM_ABOVE}
    assert sum(kind.count for kind in found.kinds) == sum(packed.counts.values())
    assert all(kind.title.isascii() is False for kind in found.kinds)


def test_results_and_remarks_in_feedback_have_their_day_and_the_name_of_their_period(pair: Pair) -> None:
    pair.take(pair.report())
    race = RaceService(pair.headquarters)
    pair.headquarters.clock = clock_at("2026-04-12 09:00")
    race.score("2026Q1")
    race.publish("2026Q1")
    HeadquartersService(pair.headquarters).add_remark(pair.branch.org, "会后任务写结果")
    packed = Sender(pair.headquarters).answer(None, None)[0]
    kinds = {kind.title: kind for kind in inside(pair.headquarters, packed.package_hash).kinds}
    assert kinds["赛马结果"].items == (Item("2026-04-12", "2026年一季度"),)
    assert kinds["总部意见"].items == (Item("2026-04-12", "会后任务写结果"),)


def test_a_package_that_is_not_ours_is_not_found(pair: Pair) -> None:
    with pytest.raises(NotFound):
        inside(pair.branch, "0" * 64)
