"""Papers that gather what the registers hold about one thing: a brand, a venue, a cadre, the pledges of a member."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from desktop.models.registers import REGISTERS
from desktop.models.vocabulary.branches import Post
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.archive.documents import DocumentService
from desktop.services.branches import BranchService
from desktop.services.errors import NotFound
from desktop.services.members import MemberService
from desktop.services.registers.service import RegisterService
from desktop.services.store import Store
from tests.services.archive.checker import check, text_of
from tests.services.members.people import GAO, LI
from tests.stores import new_store

AT = "2026-10-12 09:00"


@dataclass
class Kept:
    """A branch, who is in it, and the ids of what it kept."""

    store: Store
    ids: dict[str, str]

    def text(self, path: Path) -> str:
        """Return the words of a paper once it has been checked."""
        check(path)
        return text_of(path)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    """A branch with a brand, a venue, pledges and what there is about one cadre; of each something beside it."""
    with new_store(tmp_path / "data", StoreKind.BRANCH, AT) as store:
        first, second = (MemberService(store).register(person) for person in (GAO, LI))
        BranchService(store).assign(Post.ORG_COMMISSIONER, first, store.today)
        registers = RegisterService(store)

        def save(register: str, **values: object) -> str:
            return registers.save(
                register, {"event_on": "2026-05-06", **values} if REGISTERS[register].date_field else values
            )

        brand = save("brand", title="先锋柜台", meaning="把服务做到柜台", targets="挂牌终端|12|40|38", level="县级")
        other = save("brand", title="沙颍护航")
        save("brand_activity", title="进柜台", brand_id=brand, content="讲识别教陈列", result="新挂牌十户")
        save("brand_activity", title="护航行动", brand_id=other, content="联合检查")
        save("article", title="柜台前的党员", media="市公司网站", author_id=first, brand_id=brand)
        save("method_spread", title="一户一册", direction="别人来学", learner="第二党支部", origin="本支部",
             brand_id=brand, method="每户建一本走访册")  # fmt: skip
        venue = save("venue", title="党员活动室", equipment="投影仪|1|完好\n桌椅|40|两把待修", place="三楼东")
        save("venue_use", title="读书", venue_id=venue, purpose="青年读书", attended="9")
        for person, words in ((first, "每月走访两户"), (second, "带一名徒弟")):
            save("commitment", title=words, member_id=person, measures="列入周计划", half_year="走访十二户",
                 by_masses="兑现", result="兑现")  # fmt: skip
        save("cadre_selection", title="组织委员人选", member_id=first, post="组织委员", political="4")
        save("cadre_review", title="上半年述职", member_id=first, method="个人述职", findings="讲问题讲到点上")
        save("cadre_review", title="上半年述职（二）", member_id=second, method="个人述职", findings="另一个人的")
        save("talent_pool", title="青年方向", member_id=second, mentor_id=first, listed_on="2026-04-28",
             strengths="写得快，要再沉稳")  # fmt: skip
        save("cadre_training", title="市局观摩", kind="实地考察", participants=f"{GAO['name']}|8\n{LI['name']}|8")
        save("talk", title="提醒", kind="提醒谈话", talker_id=second, talkee_id=first, points="不宜外传的话")
        yield Kept(store, {"first": first, "second": second, "brand": brand, "venue": venue})


def test_the_file_of_a_brand_holds_what_was_done_told_and_learned_and_nothing_of_another(
    kept: Kept, tmp_path: Path
) -> None:
    path = tmp_path / "brand.pdf"
    DocumentService(kept.store).dossier("brand", kept.ids["brand"], path)
    text = kept.text(path)
    for words in (
        "品牌档案：先锋柜台", "把服务做到柜台", "挂牌终端", "38", "品牌活动（1）", "进柜台", "新挂牌十户",
        "宣传报道（1）", "推广借鉴（1）", "第二党支部",
    ):  # fmt: skip
        assert words in text
    assert "护航行动" not in text


def test_the_ledger_of_a_venue_has_its_equipment_and_uses(kept: Kept, tmp_path: Path) -> None:
    path = tmp_path / "venue.pdf"
    DocumentService(kept.store).dossier("venue", kept.ids["venue"], path)
    text = kept.text(path)
    assert all(words in text for words in ("阵地台账", "三楼东", "投影仪", "两把待修", "场所使用登记（1）", "青年读书"))


def test_a_register_that_nothing_points_to_has_no_such_paper(kept: Kept, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        DocumentService(kept.store).dossier("work_summary", kept.ids["brand"], tmp_path / "none.pdf")
    pointed = {field.ref for register in REGISTERS.values() for field in register.fields}
    assert {kind for kind, register in REGISTERS.items() if register.file} <= pointed


def test_the_file_of_a_cadre_is_one_paper_and_tells_of_a_reminder_only_that_it_was(kept: Kept, tmp_path: Path) -> None:
    path = tmp_path / "cadre.pdf"
    DocumentService(kept.store).cadre(kept.ids["first"], path)
    text = kept.text(path)
    for words in (
        f"党务干部档案：{GAO['name']}", "组织委员", "党务干部选配（1）", "党务干部监督（1）", "讲问题讲到点上",
        "市局观摩", "提醒谈话",
    ):  # fmt: skip
        assert words in text
    assert "另一个人的" not in text
    assert "要再沉稳" not in text
    assert "不宜外传的话" not in text
    with pytest.raises(NotFound):
        DocumentService(kept.store).cadre("0" * 36, path)


def test_the_card_of_pledges_has_those_of_one_member_to_sign(kept: Kept, tmp_path: Path) -> None:
    path = tmp_path / "pledges.pdf"
    DocumentService(kept.store).pledges(kept.ids["first"], 2026, path)
    text = kept.text(path)
    for words in ("承诺践诺卡", "组织委员", "每月走访两户", "列入周计划", "走访十二户", "评诺", "兑现", "承诺人："):
        assert words in text
    assert "带一名徒弟" not in text
