"""Publications of points are bound at the item that asks for them, with the evidence of what they count."""

from pathlib import Path

from desktop.models.points import PointsClaim
from desktop.services.archive.binding import bind
from desktop.services.archive.blocks import Table
from desktop.services.attachments import AttachmentService
from tests.services.points.conftest import AT, Points
from tests.stores import new_store


def test_a_publication_is_bound_with_its_sums_and_the_files_of_its_claims(tmp_path: Path) -> None:
    with new_store(tmp_path / "store", at=AT) as store:
        points = Points(store)
        meeting = points.committee()
        claim = points.approved(meeting)
        points.approved(meeting, title="不在公示里", event_on=store.today)
        publication = points.publishing.publish(2026, 3, meeting_id=meeting, place="一楼公示栏")
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
    (table,) = sheet.blocks
    assert isinstance(table, Table)
    lines = [row for row in table.rows if isinstance(row, tuple)]
    assert sorted(str(row[place]) for place in (1, 8) for row in lines if row[place]) == sorted(
        ("赵一", "钱二", "孙三", "李四", "周五", "吴六")
    )
