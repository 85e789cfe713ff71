"""Names of both sides: changed at headquarters, learnt at the branch with the next answer."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.models.branches import Branch
from desktop.models.history import SettingName
from desktop.models.sync import Partner
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.branches import BranchService
from desktop.services.errors import InvalidInput, NotFound
from desktop.services.headquarters import HeadquartersService
from desktop.services.store import Store
from desktop.services.sync.enrolment import EnrolmentService
from desktop.services.sync.names import learn_names
from tests.services.sync.pairs import Pair
from tests.services.sync.parties import enrol, make


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with (
        make(tmp_path / "hq", StoreKind.HEADQUARTERS, name="市公司党建科") as headquarters,
        make(tmp_path / "branch", StoreKind.BRANCH, name="我的支部") as branch,
    ):
        stick = tmp_path / "stick"
        stick.mkdir()
        enrol(headquarters, branch, "SQ", "沈丘县局党支部", stick)
        yield Pair(headquarters, branch, stick)


def called(store: Store) -> tuple[str, str, str]:
    with store.reading() as session:
        profile = session.get_one(Branch, store.branch_id)
        return store.setting(SettingName.NAME), profile.name, profile.group_kind


def partner_name(branch: Store) -> str:
    headquarters = EnrolmentService(branch).headquarters()
    return headquarters.name if headquarters is not None else ""


def answer(pair: Pair) -> None:
    assert pair.take(pair.report()) == ["OK"]
    assert pair.hear(pair.answer()) == ["OK"]


def test_a_branch_learns_its_new_name_and_group_and_that_of_headquarters(pair: Pair) -> None:
    service = HeadquartersService(pair.headquarters)
    service.rename("周口市烟草公司党建科")
    service.change_branch(pair.branch.branch_id, "沈丘县局（营销部）党支部", "office")
    assert called(pair.branch)[:2] == ("沈丘县局党支部", "沈丘县局党支部")
    answer(pair)
    assert called(pair.branch) == ("沈丘县局（营销部）党支部", "沈丘县局（营销部）党支部", "office")
    assert partner_name(pair.branch) == "周口市烟草公司党建科"
    assert pair.headquarters.setting(SettingName.NAME) == "周口市烟草公司党建科"


def test_a_name_the_branch_gave_itself_stays_until_headquarters_changes_its_own(pair: Pair) -> None:
    BranchService(pair.branch).change_profile({"name": "沈丘县局第一党支部"})
    assert called(pair.branch)[:2] == ("沈丘县局第一党支部", "沈丘县局第一党支部")
    answer(pair)
    assert called(pair.branch)[1] == "沈丘县局第一党支部"
    HeadquartersService(pair.headquarters).change_branch(pair.branch.branch_id, "沈丘县局二支部", "mixed")
    answer(pair)
    assert called(pair.branch)[:2] == ("沈丘县局二支部", "沈丘县局二支部")


def test_an_invitation_that_is_open_brings_the_new_name(pair: Pair) -> None:
    enrolment = EnrolmentService(pair.headquarters)
    enrolment.invite("LY", "鹿邑支部", "mixed", pair.stick)
    org = next(partner.org for partner in enrolment.partners() if partner.code == "LY")
    HeadquartersService(pair.headquarters).change_branch(org, "鹿邑县局党支部", "leaf")
    with make(pair.stick / "ly", StoreKind.BRANCH, name="鹿邑") as branch:
        written = EnrolmentService(branch).accept_invitation(next(pair.stick.glob("LY_邀请_*"))).confirm(pair.stick)
        partner = enrolment.accept_registration(written.path).confirm()
        assert (partner.name, partner.group) == ("鹿邑县局党支部", "leaf")
        assert HeadquartersService(pair.headquarters).overview()[0].name == "鹿邑县局党支部"


@pytest.mark.parametrize(
    "told", [None, "名称", {"branch": 5, "group": None}, {"branch": "甲\n乙"}, {"branch": "长" * 81}]
)
def test_what_is_no_name_changes_nothing(pair: Pair, told: object) -> None:

    before = called(pair.branch), partner_name(pair.branch)
    with pair.branch.unit_of_work("收到") as session:
        learn_names(session, session.query(Partner).one(), pair.branch.branch_id, told)
    assert (called(pair.branch), partner_name(pair.branch)) == before


def test_names_and_groups_that_do_not_fit_are_refused(pair: Pair) -> None:
    service, org = HeadquartersService(pair.headquarters), pair.branch.branch_id
    for name in ("", "  ", "长" * 81):
        with pytest.raises(InvalidInput):
            service.rename(name)
        with pytest.raises(InvalidInput):
            service.change_branch(org, name, "mixed")
    with pytest.raises(InvalidInput):
        service.change_branch(org, "沈丘", "没有的组")
    with pytest.raises(NotFound):
        service.change_branch("00000000-0000-7000-8000-000000000000", "沈丘", "mixed")
