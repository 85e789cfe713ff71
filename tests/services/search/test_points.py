"""Claims and publications of points are found by what they are about, by whom, and by their files."""

from pathlib import Path

from desktop.models.points import PointsClaim
from desktop.services.attachments import AttachmentService
from desktop.services.search import SearchService
from tests.services.points.conftest import AT, Points
from tests.stores import new_store


def test_claims_publications_and_their_files_lead_to_the_ledger(tmp_path: Path) -> None:
    with new_store(tmp_path / "store", at=AT) as store:
        points = Points(store)
        meeting = points.committee()
        claim = points.approved(meeting)
        publication = points.publishing.publish(2026, 3, meeting_id=meeting, place="一楼公示栏")
        photo = tmp_path / "值守照片.txt"
        photo.write_text("照片", "utf-8")
        AttachmentService(store).attach(PointsClaim.__tablename__, claim, photo)
        service = SearchService(store)
        service.refresh()
        (found,) = service.find("防汛值守 周五").hits
        assert (found.target, found.detail) == (("points_claim", claim), "2026-09-08，周五，积分申报，已审核")
        assert service.find("一楼公示栏").hits[0].target == ("points_publication", publication)
        (file,) = service.find("值守照片").hits
        assert (file.target, file.detail) == (("points_claim", claim), "在 防汛值守 里")
