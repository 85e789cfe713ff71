"""What --json prints: the names scripts rely on, and only what JSON can carry."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.cli import shapes
from desktop.models.base import new_id
from desktop.models.sync import Partner
from desktop.models.vocabulary.stores import PartnerState, StoreKind
from desktop.services.race.inputs import InputService
from desktop.services.race.rows import TypedFigure
from desktop.services.race.service import RaceService
from desktop.services.spreadsheets.results import Changed, ImportResult, Rejected
from desktop.services.sync.results import Packed, Result
from desktop.services.sync.rows import Changes
from tests.services.standards.samples import branch, meeting, scored
from tests.stores import new_store


def printed(shape: shapes.Json) -> dict[str, object]:
    """The object as a script reads it."""
    read: dict[str, object] = json.loads(json.dumps(shape))
    return read


def test_a_score_has_the_promised_names() -> None:
    score = scored(branch(meetings=(meeting("branch_congress", date(2026, 1, 5)),)))
    data = printed(shapes.of_score(score))
    assert {"on", "total", "trace", "quality", "pending", "rate", "grade", "dimensions", "items"} <= set(data)
    dimension = shapes.of_score(score)["dimensions"]
    assert isinstance(dimension, list)
    assert set(dimension[0]) >= {"id", "score", "max"}
    item = next(each for each in data["items"] if each["id"] == "D4-01")  # type: ignore[attr-defined]
    assert [piece["number"] for piece in item["evidence"]] == ["2026-D4-01-001"]
    assert item["status"] == "partly"
    assert item["records"] == ["branch_congress-2026-01-05"]
    assert item["quality_points"] is None
    assert set(shapes.of_gap(score.item("D4-01").gaps[0])) >= {"what", "by", "who", "where"}


def test_a_day_is_written_as_iso_text() -> None:
    gap = scored(branch(), on=date(2026, 2, 15)).item("D4-06").upcoming[0]
    assert printed(shapes.of_gap(gap))["by"] == "2027-03-31"


def test_changes_are_told_only_of_a_dry_run() -> None:
    result = ImportResult(read=1, rejected=[Rejected(sheet="名单", row=3, field="姓名", value="", reason="没有姓名")])
    result.changes.append(Changed(record="谢雪莲", field="所在党小组", before="第二党小组", after="第一党小组", row=4))
    assert "changes" not in shapes.of_import(result)
    assert printed(shapes.of_import(result))["rejected"] == [
        {"sheet": "名单", "row": 3, "field": "姓名", "value": "", "reason": "没有姓名"}
    ]
    result.dry_run = True
    assert printed(shapes.of_import(result))["changes"] == [
        {"record": "谢雪莲", "field": "所在党小组", "before": "第二党小组", "after": "第一党小组", "row": 4}
    ]


def test_a_package_names_every_file_that_was_written() -> None:
    def package(name: str) -> Packed:
        return Packed(
            file=Path(name), code="ZK03", seq=1, package_hash="0", counts={"members": 6}, attachments=2, size_bytes=1
        )

    first = package("a.dzp")
    shape = shapes.of_packed(
        Packed(
            file=first.file, code="ZK03", seq=1, package_hash="0", counts=first.counts, attachments=2, size_bytes=1,
            more=(package("b.dzp"),),
        )
    )  # fmt: skip
    assert (shape["file"], shape["files"]) == ("a.dzp", ["a.dzp", "b.dzp"])


def test_what_became_of_a_file_is_told_in_sums_and_by_table() -> None:
    changes = Changes(added={"members": 2, "meetings": 1}, changed={"members": 1}, removed={})
    data = printed(shapes.of_result(Result(file=Path("a.dzp"), code="OK", sender="ZK03", seq=12, changes=changes)))
    assert (data["file"], data["code"], data["seq"], data["added"], data["removed"]) == ("a.dzp", "OK", 12, 3, 0)
    assert data["tables"] == {"added": {"members": 2, "meetings": 1}, "changed": {"members": 1}, "removed": {}}


def test_a_race_has_the_promised_names_and_whole_numbers_where_they_are_whole(tmp_path: Path) -> None:
    with new_store(tmp_path / "hq", StoreKind.HEADQUARTERS, "2026-10-12 09:00") as store:
        org = new_id()
        with store.unit_of_work("登记支部") as session:
            session.add(
                Partner(
                    org=org, code="XC", name="项城市党支部", group_kind="mixed", install=new_id(),
                    state=PartnerState.ACTIVE,
                )
            )  # fmt: skip
        race = RaceService(store)
        InputService(store).set_inputs("2026Q3", [TypedFigure(org, "H2", Decimal("91.5"), 30, "9月报表")])
        table = race.race("2026Q3")
    data = printed(shapes.of_race(table))
    assert (data["period"], data["scheme"], data["state"]) == ("2026Q3", table.scheme_version, "open")
    row = printed(shapes.of_race_row(table.rows[0]))
    assert {"code", "name", "group", "total", "rank", "class", "indicators", "reasons"} <= set(row)
    indicators = row["indicators"]
    assert isinstance(indicators, list)
    assert next(indicator for indicator in indicators if indicator["id"] == "H2") == {
        "id": "H2", "name": "党员积分水平", "raw": 91.5, "score": 9, "weight": 10, "status": "scored", "parts": [],
    }  # fmt: skip


@pytest.mark.parametrize(("value", "shown"), [(None, None), ("90", 90), ("90.00", 90), ("89.5", 89.5)])
def test_an_exact_figure_becomes_a_number(value: str | None, shown: float | None) -> None:
    number = shapes.number(None if value is None else Decimal(value))
    assert (number, type(number)) == (shown, type(shown))
