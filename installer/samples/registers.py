"""The invented year of a branch in its registers, and what the branches in the middle keep of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

import desktop.models  # noqa: F401 - declares every register
from desktop.models.registers import REGISTERS
from installer.samples.people import POSTS
from installer.samples.sheets import as_cell, write

Cells = dict[str, Any]
QUARTER_DAYS = (date(2026, 3, 12), date(2026, 6, 11), date(2026, 9, 10))


@dataclass(frozen=True)
class Team:
    """The people of a branch as its roster names them."""

    names: tuple[str, ...]
    posts: dict[str, str]
    joined: dict[str, date]

    @property
    def secretary(self) -> str:
        return self.posts["支部书记"]

    @property
    def committee(self) -> tuple[str, ...]:
        return tuple(self.posts[post] for post in POSTS if post in self.posts)

    @property
    def publicity(self) -> str:
        return self.posts.get("宣传委员", self.secretary)

    @property
    def organiser(self) -> str:
        return self.posts.get("组织委员", self.secretary)


def team_of(folder: Path) -> Team:
    """Read names and posts from the roster of a sample branch."""
    names: list[str] = []
    posts: dict[str, str] = {}
    joined: dict[str, date] = {}
    page = load_workbook(folder / "roster.xlsx").worksheets[0]
    for row in page.iter_rows(min_row=3, values_only=True):
        if isinstance(row[0], int):
            name = str(row[1])
            names.append(name)
            if isinstance(row[9], datetime):
                joined[name] = row[9].date()
            if row[8]:
                posts.setdefault(str(row[8]), name)
    return Team(tuple(names), posts, joined)


def event(day: date, title: str, **cells: Any) -> Cells:
    """Return one row of a record kind."""
    return {"event_on": day, "title": title, **cells}


def everything(team: Team, brand: str, customer_places: Sequence[str]) -> dict[str, list[Cells]]:
    """What a branch writes down that does all its registers ask for: January to September 2026."""
    workers = team.names

    def worker(number: int) -> str:
        return workers[number % len(workers)]

    year: dict[str, list[Cells]] = {}
    room, board, chat = "党员活动室", "党务公开栏", "支部工作群"
    year["venue"] = [
        {"title": room, "kind": "活动室", "area_m2": 62, "seats": 40, "admin_id": team.publicity, "state": "在用"},
        {"title": board, "kind": "公开栏", "admin_id": team.publicity, "state": "在用"},
        {"title": chat, "kind": "网络阵地", "admin_id": team.organiser, "state": "在用"},
    ]
    year["venue_check"] = [
        event(date(2026, 2, 26), "活动室年度检查", venue_id=room, finding="桌椅投影可用，可坐四十人。"),
        event(
            date(2026, 2, 27),
            "标识和制度上墙检查",
            venue_id=room,
            tag="signage",
            finding="党旗规范，更换旧制度牌一块。",
        ),
    ]
    year["venue_use"] = [
        event(date(2026, month, day), what, venue_id=room, purpose=what)
        for month in range(1, 10)
        for day, what in ((7, "青年党员读书"), (24, "队所晨会学习"))
    ]
    year["notice_board_update"] = [
        event(day, f"第{number}期公开栏", venue_id=board, content="党费收缴、积极分子培养、支部重点任务进度。")
        for number, day in enumerate(QUARTER_DAYS, start=1)
    ]
    year["asset_check"] = [
        event(date(2026, 6, 24), "上半年图书和设备清点", counted=186, missing=2, working="是"),
        event(date(2026, 9, 24), "下半年图书和设备清点", counted=201, missing=0, working="是"),
    ]
    year["online_venue_check"] = [
        event(date(2026, 6, 25), "工作群检查", venue_id=chat, finding="成员在册，先审后发，无涉密内容。"),
        event(date(2026, 9, 25), "工作群检查（三季度）", venue_id=chat, finding="清退离岗人员1名。"),
    ]
    duty_posts = {
        "书记": (team.secretary,), "班子成员": team.committee[1:], "党小组长": team.names[4:6], "党员": team.names[6:7],
    }  # fmt: skip
    duty_names = [(post, name) for post, names in duty_posts.items() for name in names]
    year["duty_list"] = [
        {
            "title": f"2026年{post}责任清单（{name}）", "year": 2026, "post": post,
            "level": "党小组" if post == "党小组长" else "党支部",
            "member_id": name, "signed_on": date(2026, 1, 20), "countersigned_by": "县局党总支",
            "items": "组织生活按期开展|按月排期|零缺项|2026-12-31|会议记录\n"
            "联系点走访|每季度到点|问题有回音|2026-12-31|走访记录",
            "state": "已签订", "state_on": date(2026, 1, 20),
        }
        for post, name in duty_names
    ]  # fmt: skip
    year["duty_check"] = [
        event(
            date(2026, 6, 29), f"{post}{name}上半年对账", duty_list_id=f"2026年{post}责任清单（{name}）",
            states="组织生活按期开展|已完成\n联系点走访|已完成",
        )
        for post, name in duty_names
    ]  # fmt: skip
    year["duty_report"] = [
        event(
            date(2026, 1, 22), "书记抓党建述职", member_id=team.secretary, to_whom="县局党总支", favourable=20, asked=21
        )
    ]
    year["contact_visit"] = [
        event(
            day, f"{name}到联系点", member_id=name, place=customer_places[index % len(customer_places)],
            problem="送货时间与营业高峰冲突", result="调整线路，当周落实。",
        )
        for day in QUARTER_DAYS
        for index, name in enumerate(team.committee)
    ]  # fmt: skip
    year["supervision_review"] = [
        event(day, "苗头性问题收集", signs="未发现违纪苗头，节前廉洁提醒1次。", talks_due=0, talks_done=0)
        for day in QUARTER_DAYS
    ]
    pairs = [(first, other) for i, first in enumerate(team.committee) for other in team.committee[i + 1 :]]
    others = [name for name in workers if name not in team.committee]
    talks = pairs + [(team.committee[index % len(team.committee)], name) for index, name in enumerate(others)]
    year["talk"] = [
        event(
            date(2026, 1 + index % 8, 5 + index % 20), f"{talker}与{talkee}谈心", kind="谈心谈话", talker_id=talker,
            talkee_id=talkee, place=room, points="谈思想、谈岗位、谈困难。", follow_up="岗位建议已转队所办理。",
        )
        for index, (talker, talkee) in enumerate(talks)
    ]  # fmt: skip
    year["study_plan"] = [
        event(
            date(2026, 1, 16), "2026年学习教育计划", year=2026,
            quarters="1|党的创新理论与行业纪律|完成\n2|服务营销和专卖法规|完成\n3|警示教育和质量月|完成\n4|年度回顾|",
        )
    ]  # fmt: skip
    year["training_record"] = [
        event(
            date(2026, 4, 21), "全市党员轮训班", organiser="市公司", centralised="是",
            participants="\n".join(f"{name}|16" for name in workers),
        ),
        event(
            date(2026, 5, 19), "支委履职培训班", organiser="市公司", centralised="是",
            participants="\n".join(f"{name}|24" for name in team.committee),
        ),
    ]  # fmt: skip
    year["study_application"] = [
        event(day, f"{name}：{what}", member_id=name, applied=what, effect=effect, confirmed_by=team.organiser)
        for day, what, effect in (
            (date(2026, 5, 28), "把课上的异议处理法用到走访", "投诉同比少3件"),
            (date(2026, 8, 27), "用排班表优化送货线路", "单车日均少跑9公里"),
        )
        for name in workers
    ]
    year["member_care"] = [
        event(
            date(2026, 7, 1),
            f"看望{workers[-2]}",
            member_id=workers[-2],
            occasion="家属住院",
            help="送慰问并协助请假调班。",
        )
    ]
    year["commitment"] = [
        event(
            date(2026, 1, 28), f"{name}承诺：{what}", member_id=name, due_on=date(2026, 9, 20),
            published_on=date(2026, 1, 30), result="部分兑现" if name == workers[-1] else "兑现",
        )
        for name in workers
        for what in ("每月帮一户零售户解决一个问题", "带教一名新员工")
    ]  # fmt: skip
    year["brand"] = [
        {
            "title": brand, "meaning": "把党员身份亮在终端，把服务做到柜台。", "slogan": "身份亮出来，服务靠前站",
            "targets": "挂牌终端数|12|40|40\n零售户满意度|88|95|94", "declared_on": date(2026, 1, 12),
            "state": "创建中", "state_on": date(2026, 1, 12),
        }
    ]  # fmt: skip
    year["brand_review"] = [
        event(date(2026, 6, 26), "品牌上半年评估", brand_id=brand, finding="挂牌38户，缺乡镇网点，下半年补。"),
        event(date(2026, 9, 25), "品牌三季度评估", brand_id=brand, finding="职工知晓率测评九成以上。"),
    ]
    year["party_plus_project"] = [
        {
            "title": "党建+终端服务", "track": "党建+客户", "leader_id": team.secretary,
            "started_on": date(2026, 1, 15), "targets": "问题终端整改率|60|95|92",
            "actions": "党员包片，月走访月销号。", "progress": "三季度整改率九成二。",
            "state": "实施中", "state_on": date(2026, 1, 15),
        },
        {
            "title": "党建+机关下柜台", "track": "党建+机关", "leader_id": team.publicity,
            "started_on": date(2026, 2, 2), "targets": "走访户次|40|120|114\n问题解决率|70|90|90",
            "actions": "机关党员每人分包三户，季度轮换。", "state": "实施中", "state_on": date(2026, 2, 2),
        },
        {
            "title": "党建+队所普法", "track": "党建+队所", "leader_id": team.committee[-1],
            "started_on": date(2026, 2, 16), "targets": "普法进集市场次|6|18|17\n投诉件数|11|5|5",
            "actions": "稽查走到哪，普法讲到哪。", "state": "实施中", "state_on": date(2026, 2, 16),
        },
    ]  # fmt: skip
    year["lean_project"] = [
        {
            "title": "缩短新办证客户首单时间", "kind": "QC", "leader_id": worker(5), "started_on": date(2026, 2, 10),
            "problem": "首单平均9天", "targets": "首单天数|9|5|4.5", "method": "PDCA", "benefit": "客户等待减半",
            "standardised_in": "新办证客户服务流程", "state": "已结题", "state_on": date(2026, 8, 20),
            "confirmed_by": "营销部（贺科长）", "confirmed_on": date(2026, 8, 18),
            "confirmed_in": "营销系统7月报表、评审表",
            "reviewed": "数字来自系统，样本够，办法已写进流程，同意结题。",
        }
    ]  # fmt: skip
    year["improvement_idea"] = [
        event(
            date(2026, 3 + index % 6, 6 + index % 20), f"{name}的建议", kind="合理化建议" if index % 2 else "小改小革",
            member_id=name, problem="现场不便", idea="改一处流程或工具", effect="使用者评价好" if index % 3 else "",
            state="效果已确认" if index % 3 == 1 else "已实施" if index % 3 else "已采纳",
        )
        for index, name in enumerate(workers)
    ]  # fmt: skip
    year["pioneer_unit"] = [
        event(date(2026, 1, 20), "党员示范岗：城区客服", kind="示范岗", leader_id=worker(5), members=worker(5))
    ]
    year["pioneer_review"] = [
        event(date(2026, 6, 30), "示范岗上半年考评", unit_id="党员示范岗：城区客服", result="投诉零，客户评价最高。"),
        event(date(2026, 9, 29), "示范岗三季度考评", unit_id="党员示范岗：城区客服", result="保持。"),
    ]
    year["role_model"] = [
        event(
            date(2026, 6, 30), f"岗位先锋{worker(5)}", member_id=worker(5), level="县级",
            deeds="连续三年服务评价第一。", publicity="支部大会宣讲，两个队所学习。",
        )
    ]  # fmt: skip
    year["exchange_activity"] = [
        event(day, title, kind=kind, place=room, attended=len(workers) - 2, gain="形成岗位改进点子若干。")
        for day, title, kind in (
            (date(2026, 3, 26), "党员论坛：问题终端怎么办", "党员论坛"),
            (date(2026, 5, 8), "读书日", "读书日"),
            (date(2026, 8, 13), "青年学习小组", "青年学习小组"),
        )
    ]
    year["volunteer_activity"] = [
        event(
            day, title, place="社区", beneficiary="居民和零售户", satisfied=28, asked=30,
            hours="\n".join(f"{name}|3" for name in workers),
        )
        for day, title in (
            (date(2026, 3, 5), "学雷锋日普法服务"), (date(2026, 5, 30), "社区清洁"), (date(2026, 8, 8), "烟区防汛"),
        )
    ]  # fmt: skip
    year["practical_deed"] = [
        {
            "title": title, "raised_by": "零售户座谈", "problem": problem, "plan": "支部认领，月底前办结",
            "owner_id": team.committee[index % len(team.committee)], "started_on": date(2026, 3, 2), "done_on": done,
            "satisfied": 18, "asked": 19, "state": "已回访", "state_on": done,
        }
        for index, (title, problem, done) in enumerate((
            ("送货提前预约", "到货时间不定", date(2026, 5, 15)), ("办证代办点进乡镇", "往返路远", date(2026, 7, 31)),
        ))
    ]  # fmt: skip
    year["opinion_round"] = [
        event(
            day, f"第{number}季度征求意见", asked_whom="零售户、职工",
            opinions=f"希望早送货|零售户|{team.organiser}|{day + timedelta(days=20)}|{day + timedelta(days=9)}",
        )
        for number, day in enumerate(QUARTER_DAYS, start=1)
    ]  # fmt: skip
    assigned = workers[5:13]
    year["customer_assignment"] = [
        {"title": f"{customer_places[index % len(customer_places)]}第{index + 1}商店", "member_id": name,
         "from_on": date(2026, 1, 5)}
        for index, name in enumerate(assigned)
    ]  # fmt: skip
    year["customer_visit"] = [
        event(
            day, f"{name}走访", member_id=name,
            customer=f"{customer_places[index % len(customer_places)]}第{index + 1}商店",
            problem="陈列和真伪鉴别", result="现场教会，次周回访。", satisfied="是",
        )
        for day in QUARTER_DAYS
        for index, name in enumerate(assigned)
    ]  # fmt: skip
    year["pairing"] = [
        {"title": "弦歌社区党支部", "partner_kind": "社区", "agreement_on": date(2026, 2, 18), "state": "共建中",
         "state_on": date(2026, 2, 18), "content": "普法、助老、场地共用"}
    ]  # fmt: skip
    year["pairing_activity"] = [
        event(day, title, pairing_id="弦歌社区党支部", content="联合普法和助老。", partner_view="有收获，愿继续。")
        for day, title in ((date(2026, 5, 22), "联合主题党日"), (date(2026, 8, 28), "联合助老"))
    ]
    year["mentoring_pair"] = [
        {"title": f"{mentor}带{mentee}", "kind": "一带一", "member_id": mentor, "mentee": mentee,
         "goal": "一年内独立走访", "from_on": date(2026, 1, 10)}
        for mentor, mentee in ((worker(7), "职工小田"), (worker(8), "职工小许"))
    ]  # fmt: skip
    year["mentoring_review"] = [
        event(day, f"{pair['title']}小结", pair_id=pair["title"], progress="能独立处理常见异议。")
        for day in (date(2026, 6, 26), date(2026, 9, 26))
        for pair in year["mentoring_pair"]
    ]
    year["relief_visit"] = [
        event(day, title, beneficiary=title.removeprefix("慰问"), help="米面油和代购药品", amount_fen=600)
        for day, title in ((date(2026, 2, 6), "慰问困难职工家庭"), (date(2026, 7, 28), "慰问困难零售户"))
    ]
    year["work_summary"] = [
        event(date(2026, 1, 12), "2026年支部工作计划", kind="年度计划", reported_on=date(2026, 1, 15)),
        event(date(2026, 6, 29), "2026年上半年小结", kind="半年小结", reported_on=date(2026, 7, 2)),
    ]
    year["budget_review"] = [
        event(date(2026, 6, 30), "经费半年核对", budget_fen=18000, spent_fen=8460.5, purpose="教育培训、图书、走访慰问")
    ]
    year["dues_publicity"] = [
        event(
            date(2026, 7, 3), "上半年党费收缴使用公布", period="2026年上半年", collected_fen=9862.4,
            remitted_fen=9862.4, used_fen=1200,
        )
    ]  # fmt: skip
    year["party_affairs_publicity"] = [
        event(day, f"第{number}季度党务公开", matter="发展党员、评先、经费", place=board)
        for number, day in enumerate(QUARTER_DAYS, start=1)
    ]
    year["security_check"] = [
        event(day, "数据与保密自查", ledger_agrees="是", finding="介质登记相符，无涉密文件。") for day in QUARTER_DAYS
    ]
    year["issue"] = [
        event(
            date(2026, 2, 11), title, source="组织生活会", measure=measure, owner_id=owner,
            due_on=date(2026, 6, 30), closed_on=date(2026, 6, 18), state="已销号",
        )
        for title, measure, owner in (
            ("理论学习联系岗位不紧", "每次党课点名谈岗位", team.publicity),
            ("走访问题反馈不及时", "建立五日答复台账", team.organiser),
            ("谈心谈话不够深入", "书记带头每月谈三人", team.secretary),
        )
    ]  # fmt: skip
    year["cadre_incentive"] = [
        event(date(2026, 7, 1), "优秀党务工作者", member_id=team.organiser, content="与业务先进同评同奖")
    ]
    leaving, arrived, here = worker(-4), worker(-2), "淮阳区局（营销部）党支部"
    year["transfer"] = [
        {
            "name": leaving, "direction": "转出", "issued_on": date(2026, 9, 21), "from_org": here,
            "to_org": "郑州市局机关第三党支部", "letter_no": "2026-007", "valid_days": 30, "paid_until": "2026年9月",
            "means": "介绍信", "handler": team.organiser, "member_id": leaving, "category": "正式党员",
            "note": "工作调动",
        },
        {
            "name": arrived, "direction": "转入", "issued_on": date(2025, 1, 6), "from_org": "商水县局党支部",
            "to_org": here, "letter_no": "2025-003", "valid_days": 30, "paid_until": "2025年1月",
            "receipt_on": date(2025, 1, 15), "means": "介绍信", "handler": team.organiser, "member_id": arrived,
            "category": "正式党员",
        },
    ]  # fmt: skip
    return year


FAIR = (
    "venue", "venue_check", "notice_board_update", "asset_check", "online_venue_check", "duty_list", "duty_check",
    "duty_report", "contact_visit", "supervision_review", "talk", "study_plan", "training_record", "commitment",
    "brand", "brand_review", "party_plus_project", "exchange_activity", "volunteer_activity", "practical_deed",
    "opinion_round", "customer_assignment", "customer_visit", "work_summary", "dues_publicity",
    "party_affairs_publicity", "security_check", "issue",
)  # fmt: skip
"""What the branches in the middle keep; here and there a quarter is missing."""
LITTLE = (
    "venue", "notice_board_update", "study_plan", "training_record", "talk", "contact_visit", "supervision_review",
    "exchange_activity", "volunteer_activity", "practical_deed", "opinion_round", "customer_assignment",
    "customer_visit", "work_summary", "party_affairs_publicity", "security_check",
)  # fmt: skip
"""What a small branch without a committee keeps."""
LEAST = ("venue", "notice_board_update")


def with_gaps(year: dict[str, list[Cells]], kinds: Sequence[str], without: date | None) -> dict[str, list[Cells]]:
    """Return some kinds only, without what happened in the quarter of `without`."""

    def kept(row: Cells) -> bool:
        day = row.get("event_on")
        return without is None or day is None or (day.month - 1) // 3 != (without.month - 1) // 3

    found = {kind: [row for row in year[kind] if kept(row)] for kind in kinds}
    return {kind: rows for kind, rows in found.items() if rows}


def write_registers(folder: Path, year: dict[str, list[Cells]]) -> None:
    """Write one workbook per register, with the headings its declaration gives."""
    for kind, rows in year.items():
        register = REGISTERS[kind]
        used = [column for column in register.fields if any(row.get(column.name) not in (None, "") for row in rows)]
        cells = [
            [as_cell(value) if isinstance(value := row.get(column.name), date) else value for column in used]
            for row in rows
        ]
        write(folder / f"{kind}.xlsx", register.title, [column.label for column in used], cells)
