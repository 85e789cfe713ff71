"""Publications of points are bound at the item that asks for them, with the evidence of what they count."""

from pathlib import Path

from desktop.models.points import PointsClaim
from desktop.models.vocabulary.points import CheckVerdict
from desktop.services.archive.binding import bind
from desktop.services.archive.blocks import Heading, Table
from desktop.services.archive.published import publication_sheets
from desktop.services.attachments import AttachmentService
from tests.services.points.conftest import AT, Points
from tests.stores import clock_at, new_store


def test_a_publication_is_bound_with_its_sums_and_the_files_of_its_claims(tmp_path: Path) -> None:
    with new_store(tmp_path / "store", at=AT) as store:
        points = Points(store)
        meeting = points.committee()
        claim = points.approved(meeting)
        points.approved(meeting, title="不在公示里", event_on=store.today)
        points.comparing.take_back(points.comparing.compare(claim, verdict=CheckVerdict.TRUE), "看的是另一笔")
        points.comparing.compare(claim, verdict=CheckVerdict.TRUE, found="看了值班表")
        publication = points.post(meeting, place="一楼公示栏")
        photo = tmp_path / "照片.txt"
        photo.write_text("照片", "utf-8")
        AttachmentService(store).attach(PointsClaim.__tablename__, claim, photo)
        AttachmentService(store).attach("points_publications", publication, photo)
        binding = bind(store, 2026, store.today)
    (piece,) = (piece for piece in binding.pieces.values() if piece.used.kind == "points_publication")
    assert (piece.number, piece.title) == ("2026-D3-08-001", "2026年第三季度积分公示")
    assert [file.own_name for file in piece.files] == ["照片.txt", "防汛值守：照片.txt"]
    sheet = binding.sheets[publication]
    assert ("张贴处", "一楼公示栏") in sheet.pairs
    table, heading, checked = sheet.blocks
    assert isinstance(heading, Heading)
    assert isinstance(table, Table)
    assert isinstance(checked, Table)
    on = store.today.isoformat()
    assert checked.rows == (
        ("防汛值守", "周五", "属实", f"（{on}撤销：看的是另一笔）", "李四", on),
        ("防汛值守", "周五", "属实", "看了值班表", "李四", on),
    )
    lines = [row for row in table.rows if isinstance(row, tuple)]
    assert sorted(str(row[place]) for place in (1, 8) for row in lines if row[place]) == sorted(
        ("赵一", "钱二", "孙三", "李四", "周五", "吴六")
    )


def test_what_was_found_later_stands_with_the_last_publication_of_its_year(tmp_path: Path) -> None:
    with new_store(tmp_path / "store", at=AT) as store:
        points = Points(store)
        meeting = points.committee()
        claims = {points.approved(meeting, name) for name in ("钱二", "周五")}
        publication = points.post(meeting)
        (other,) = claims - {each for each in claims if points.row(each).checks}
        store.clock = clock_at("2026-11-30 09:00")
        points.comparing.compare(other, verdict=CheckVerdict.FALSE, found="有人反映，查实没有去")
        with store.reading() as session:
            sheet = publication_sheets(session, store.branch_id, 2026, store.today)[publication]
    table = sheet.blocks[-1]
    assert isinstance(table, Table)
    assert [row[2] for row in table.rows if isinstance(row, tuple)] == ["属实", "不实"]
