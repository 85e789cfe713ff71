"""Claims and publications of points are found by what they are about, by whom, and by their files."""

from pathlib import Path

from desktop.models.points import PointsClaim
from desktop.models.vocabulary.points import CheckVerdict
from desktop.services.attachments import AttachmentService
from desktop.services.search import SearchService
from tests.services.points.conftest import AT, Points
from tests.stores import new_store


def test_claims_publications_and_their_files_lead_to_the_ledger(tmp_path: Path) -> None:
    with new_store(tmp_path / "store", at=AT) as store:
        points = Points(store)
        meeting = points.committee()
        claim = points.approved(meeting)
        points.comparing.compare(claim, verdict=CheckVerdict.TRUE, found="看了签到册")
        publication = points.post(meeting, place="一楼公示栏")
        photo = tmp_path / "值守照片.txt"
        photo.write_text("照片", "utf-8")
        AttachmentService(store).attach(PointsClaim.__tablename__, claim, photo)
        service = SearchService(store)
        service.refresh()
        found = next(each for each in service.find("防汛值守 周五").hits if each.title == "防汛值守")
        assert (found.target, found.detail) == (("points_claim", claim), "2026-09-08，周五，积分申报，已审核")
        (check,) = service.find("签到册").hits
        assert (check.target, check.title, check.detail) == (
            ("points_claim", claim),
            "核对原件：防汛值守",
            "2026-11-26，周五，属实",
        )
        assert service.find("一楼公示栏").hits[0].target == ("points_publication", publication)
        (file,) = service.find("值守照片").hits
        assert (file.target, file.detail) == (("points_claim", claim), "在 防汛值守 里")
