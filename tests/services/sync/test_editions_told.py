"""A branch says in its report which editions it keeps; headquarters believes only what can be one."""

import pytest
from sqlalchemy import select

from desktop.models.standards import StandardPack
from desktop.models.sync import ReceivedPackage
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import StandardKind
from desktop.services.errors import PackageRefused
from desktop.services.headquarters import HeadquartersService
from desktop.services.standards.editions import edition_on
from desktop.services.sync.editions_told import editions_told, read_editions
from tests.services.sync.pairs import Pair


def test_a_report_tells_the_editions_and_headquarters_sees_who_lacks_one(pair: Pair) -> None:
    assert pair.take(pair.report()) == ["OK"]
    with pair.branch.reading() as session, pair.headquarters.reading() as there:
        told = editions_told(session)
        assert there.scalars(select(ReceivedPackage.editions)).all() == [told]
        in_use = edition_on(session, StandardKind.BRANCH_STANDARD, pair.branch.today).version
    (row,) = HeadquartersService(pair.headquarters).overview()
    assert (row.standard, row.standards_behind, row.program_behind) == (in_use, (), False)

    with pair.headquarters.unit_of_work("启用新版", Act.EXCHANGE) as session:
        kept = edition_on(session, StandardKind.BRANCH_STANDARD, pair.headquarters.today)
        session.add(
            StandardPack(
                kind=kept.kind, version="2099.1", title=kept.title, text=kept.text,
                effective_from=pair.headquarters.today, from_headquarters=True, received_at_utc="2026-03-01T00:00:00Z",
            )
        )  # fmt: skip
    (row,) = HeadquartersService(pair.headquarters).overview()
    assert row.standards_behind == ("标准化建设标准2099.1版",)
    assert row.standard == in_use


@pytest.mark.parametrize("said", [5, {"nothing": ["1"]}, {"branch-standard": "1"}, {"branch-standard": [1, "x"]}])
def test_what_can_be_no_edition_refuses_the_package(said: object) -> None:
    with pytest.raises(PackageRefused):
        read_editions({"editions": said})


def test_an_older_program_says_nothing() -> None:
    assert read_editions({}) is None
