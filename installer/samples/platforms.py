"""What the invented branch writes down of its cadres, its brand, its customers and what it makes public."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from installer.samples.registers import Cells, Team, event

MADE_PUBLIC = (
    # matter, content, to whom, how, when, who
    ("班子成员和分工", "支委姓名、职务、分工、联系点", "党内", "公开栏", "长期公开", "组织委员"),
    ("支部工作制度", "三会一课、议事决策、党费管理", "党内", "公开栏、党员大会", "长期公开", "书记"),
    ("年度计划和进展", "全年目标、分季安排、完成情况", "党内", "党员大会", "定期公开", "书记"),
    ("党费收缴使用", "每季度收缴人数和金额、使用去向", "党内", "公开栏", "定期公开", "组织委员"),
    ("党员积分", "每季度得分和等次", "党内", "公开栏", "定期公开", "组织委员"),
    ("发展党员", "拟列为发展对象、拟接收、拟转正的名单", "社会", "公示栏", "即时公开", "组织委员"),
    ("评先评优", "推荐对象和事迹", "社会", "公开栏、工作群", "即时公开", "宣传委员"),
    ("联系服务群众", "办实事清单和办结情况", "社会", "公开栏、客户座谈会", "定期公开", "宣传委员"),
)


def platforms(team: Team, brand: str, places: Sequence[str]) -> dict[str, list[Cells]]:
    """Return the rows of cadres and platforms that a branch has which does all of them, January to September 2026."""
    workers, organiser, publicity = team.names, team.organiser, team.publicity
    rising, second = workers[5 % len(workers)], workers[7 % len(workers)]
    shops = [f"{places[index % len(places)]}第{index + 1}商店" for index in range(3)]
    return {
        "superior_task": asked_from_above(team),
        "cadre_selection": [
            event(
                date(2026, 4, 15), "青年委员人选考察", member_id=rising, post="青年委员", kind="兼职",
                found_by="精益课题、服务评价连续三年第一", experience_years=2, political=4, professional=4, exemplary=4,
                coordination=3, planning=3, finding="谈话12人，都认可；理论学习扎实，遇事肯担，文字要再练。",
                decision="列入人才库，参加市局跟班三个月后再定。", approved_on=date(2026, 4, 28),
            )
        ],
        "cadre_training": [
            event(
                date(2026, 3, 19), "到项城观摩支部台账", kind="实地考察", place="项城市局（营销部）党支部",
                participants=f"{organiser}|6\n{publicity}|6", result="看了一年的台账怎么当天记、怎么互相印证。",
                applied_in="改成会后当天登记，四月起没有补录。",
            ),
            event(
                date(2026, 6, 4), "品牌评审现场实景教学", kind="实景教学", place=shops[0], participants=f"{rising}|4",
                result="跟着评审组走完三户，学会看指标怎么取数。", applied_in="党建+终端服务的指标改为系统取数。",
            ),
            event(
                date(2026, 7, 6), "市局党建科跟班", kind="轮岗挂职", to_on=date(2026, 9, 25), place="市局党建科",
                participants=f"{rising}|160", result="参与二季度考评核对十二个支部。", applied_in="回来牵头支部自查。",
            ),
        ],
        "cadre_review": [
            event(
                date(2026, 1, 22), f"{organiser}2025年述职", member_id=organiser, method="个人述职", period="2025年",
                score=93, rated_by="县局党总支", findings="讲清发展党员和党费两件事，问题讲到自己。",
            ),
            event(
                date(2026, 1, 23), f"{organiser}2025年评议", member_id=organiser, method="民主评议", period="2025年",
                score=95, rated_by="21名党员", findings="优秀18票，称职3票。",
            ),
            event(
                date(2026, 2, 26), f"{organiser}现场查看", member_id=organiser, method="现场查看", period="2025年",
                score=92, rated_by="县局党建办", findings="抽5份发展党员材料，日期前后相符；一份缺联系人签字，当场补。",
            ),
        ],
        "cadre_assessment": [
            event(
                date(2026, 3, 6), f"{organiser}2025年度考核", member_id=organiser, year=2025, party_score=93.5,
                business_score=91, result="优秀", report_id=f"{organiser}2025年述职",
                appraisal_id=f"{organiser}2025年评议", on_site_id=f"{organiser}现场查看",
                grounds="述职93、评议95、现场92；所在部门服务评价第二。",
                used_for="推荐为优秀党务工作者，作为副书记后备。",
            )
        ],
        "talent_pool": [
            {
                "title": "青年和宣传", "member_id": rising, "listed_on": date(2026, 4, 28), "mentor_id": publicity,
                "strengths": "业务拔尖，愿意带人，会拍会写。", "experience": "客户经理六年，QC课题负责人。",
                "plan": "市局跟班三个月，主讲一次党课。", "next_post": "青年委员", "state": "重点培养",
                "state_on": date(2026, 7, 6),
            },
            {
                "title": "组织工作", "member_id": second, "listed_on": date(2026, 4, 28), "mentor_id": organiser,
                "strengths": "细致，记录清楚。", "plan": "跟着做党费和名册。", "next_post": "党小组长",
                "state": "在库", "state_on": date(2026, 4, 28),
            },
        ],
        "brand_activity": [
            event(day, title, brand_id=brand, place=place, attended=attended, content=content, result=result)
            for day, title, place, attended, content, result in (
                (date(2026, 2, 5), "亮牌进柜台", shops[0], 14, "二十户终端挂“党员联系户”牌。", "挂牌从12户到32户。"),
                (date(2026, 5, 14), "真伪鉴别课堂", shops[1], 18, "手把手教看三处防伪。", "当月举报假烟线索2条。"),
                (date(2026, 8, 27), "乡镇终端周", shops[2], 16, "补乡镇网点陈列。", "挂牌到38户。"),
            )
        ],
        "article": [
            event(
                day, title, media=media, level=level, author_id=author, published_on=published, brand_id=brand,
                where_published=where,
            )
            for day, title, media, level, author, published, where in (
                (date(2026, 2, 9), "柜台上的党员牌", "市局网站", "市级", publicity, date(2026, 2, 12), "基层动态"),
                (date(2026, 5, 18), "三处防伪看真假", "县融媒体", "县级", rising, date(2026, 5, 21), "便民栏目"),
                (date(2026, 7, 2), "一个支部的两本账", "省局简报", "省级", organiser, date(2026, 7, 20), "第14期"),
                (date(2026, 9, 3), "乡镇终端周见闻", "市局网站", "市级", publicity, None, None),
            )
        ],
        "method_spread": [
            event(
                date(2026, 3, 19), "会后当天登记", direction="学别人的", learner="本支部支委会",
                origin="项城市局（营销部）党支部", method="会散人不散，记录人当场读、主持人当场签。",
                adopted_on=date(2026, 4, 1), result="四月起没有补录，记录质量抽查都在落实有效以上。",
            ),
            event(
                date(2026, 6, 25), "一户一册走访法", direction="别人来学", learner="鹿邑县局专卖管理所党支部",
                origin="本支部客户经理党小组", brand_id=brand, method="每户一本走访册，问题、承诺、回访写在一页。",
                adopted_on=date(2026, 7, 10), result="对方二季度走访满意率升了四个点。",
            ),
        ],
        "role_model_study": [
            event(
                day, title, role_model_id=f"岗位先锋{rising}", learned=learned, attended=len(workers) - 2,
                adopted_by=who, adopted_on=adopted, effect=effect,
            )
            for day, title, learned, who, adopted, effect in (
                (date(2026, 7, 15), f"听{rising}讲走访", "先听后记再回头看", second, date(2026, 8, 1), "八月投诉为零"),
                (date(2026, 9, 9), f"跟{rising}走一天", "陈列四步", "第二党小组", date(2026, 9, 15), "六户改了陈列"),
            )
        ],
        "party_customer": [
            {
                "title": shop, "contact": contact, "licence_no": licence, "party_branch": where, "member_id": member,
                "identity_shown_on": shown, "leads": leads, "state": "在营", "state_on": date(2026, 1, 8),
            }
            for shop, contact, licence, where, member, shown, leads in (
                (shops[0], "秦某", "4116000123", "弦歌社区党支部", rising, date(2026, 2, 5), "带动周边4户升级终端"),
                (shops[1], "鲁某", "4116000131", "新站镇西街党支部", workers[6], date(2026, 2, 5), "明码标价示范户"),
                (shops[2], "管某", "4116000152", "齐老乡党委", second, date(2026, 5, 14), "带动3户不卖给未成年人"),
            )
        ],
        "disclosure_item": [
            {
                "title": matter, "content": content, "scope": scope, "means": means, "term": term, "owner": owner,
                "reviewer": "书记",
            }
            for matter, content, scope, means, term, owner in MADE_PUBLIC
        ],
    }  # fmt: skip


def asked_from_above(team: Team) -> list[Cells]:
    """Return the papers and tasks of the third quarter: answered, read only, open, and run out."""
    asked: list[tuple[str, str, date, str, str, date | None, date | None, str]] = [
        ("关于做好“七一”前走访慰问的通知", "任务", date(2026, 6, 12), "周烟党〔2026〕18号",
         "七一前走访困难党员，报走访名单", date(2026, 6, 30), date(2026, 6, 29), "走访3户，名单6月29日报党建科。"),
        ("市局党建工作领导小组会议纪要", "文件", date(2026, 7, 20), "周烟党纪要〔2026〕4号", "", None, None, ""),
        ("8月份党建重点任务提示", "每月重点任务", date(2026, 8, 3), "", "月底前完成半年学时核对，把没达标的列出来",
         date(2026, 8, 31), date(2026, 8, 28), "核对21人，2人差学时，九月集中补。"),
        ("报送党建品牌半年评估材料", "任务", date(2026, 9, 14), "", "评估表和指标数据各一份",
         date(2026, 10, 9), None, ""),
        ("做好四季度换届支部自查", "工作提示", date(2026, 9, 28), "", "对照任期，列出要办的步骤",
         date(2026, 10, 30), None, ""),
    ]  # fmt: skip
    return [
        {
            "title": title, "kind": kind, "received_on": received, "from_org": "市局党建科", "document_no": number,
            "what": what, "due_on": due, "owner_id": team.organiser, "done_on": done, "answer": answer,
        }
        for title, kind, received, number, what, due, done, answer in asked
    ]  # fmt: skip


def enriched(year: dict[str, list[Cells]], team: Team) -> dict[str, list[Cells]]:
    """Return the rows of a branch with what their papers have besides: equipment, approval, confirmation, measures."""
    shops = {row["title"] for row in year.get("party_customer", ())}
    more: dict[str, Any] = {
        "venue": lambda row: {
            "place": "办公楼三楼东" if row["kind"] == "活动室" else None,
            "equipment": "投影仪|1|完好\n桌椅|40|完好\n书柜|3|完好" if row["kind"] == "活动室" else None,
        },
        "venue_use": lambda row: {"attended": 9, "used_by": team.publicity},
        "contact_visit": lambda row: {"content": "参加晨会，和一线党员谈了半小时。"},
        "party_affairs_publicity": lambda row: {
            "content": "名单、依据、金额", "scope": "党内", "secrecy": f"{team.secretary}看过，无涉密内容",
            "drafted_by": team.organiser, "reviewed_by": team.publicity, "approved_by": team.secretary,
            "approved_on": row["event_on"] - timedelta(days=2), "item_id": "党费收缴使用",
        },
        "commitment": lambda row: {
            "measures": "列入本人周计划，每月在党小组会上说一次。", "settled_on": row["event_on"],
            "half_year": "上半年每月都做到。", "by_self": row["result"], "by_members": row["result"],
            "by_masses": "兑现",
        },
        "pioneer_unit": lambda row: {
            "place": "城区客户服务岗", "plaque_on": row["event_on"], "duties": "投诉当天回、首问负责、月月公开评价。",
            "masses": "联系商户30户",
        },
        "pioneer_review": lambda row: {"period": "半年", "score": 96},
        "role_model": lambda row: {"category": "服务", "selected_by": "县局党总支"},
        "cadre_incentive": lambda row: {"kind": "表彰奖励", "granted_by": "县局党总支"},
        "party_plus_project": lambda row: {
            "participants": "客户经理党员8人、党员客户3户", "scene": "终端陈列和问题整改", "source": "营销系统月报",
            "confirmed_by": "营销部", "confirmed_on": date(2026, 9, 28),
        },
        "customer_assignment": lambda row: {"customer_id": row["title"] if row["title"] in shops else None},
        "brand": lambda row: {
            "state": "已认定", "state_on": date(2026, 6, 30),
            "level": "县级", "recognised_on": date(2026, 6, 30), "recognised_by": "县局党总支",
            "promotion": "下半年在两个乡镇点推开，年底请鹿邑、太康来看。",
        },
    }  # fmt: skip
    return {kind: [{**row, **(more[kind](row) if kind in more else {})} for row in rows] for kind, rows in year.items()}


def honours(team: Team) -> list[Cells]:
    """Return what members and the branch were honoured for, in both years."""
    first, second = team.names[5:7]
    return [
        event(date(2025, 6, 27), "优秀共产党员", recipient="党员", member_id=first, level="县级",
              issued_by="县局党总支", document_no="淮烟党〔2025〕12号"),
        event(date(2026, 6, 26), "优秀共产党员", recipient="党员", member_id=second, level="市级",
              issued_by="周口市烟草专卖局党组", document_no="周烟党〔2026〕21号"),
        event(date(2026, 6, 26), "优秀党务工作者", recipient="党务工作者", member_id=team.organiser, level="县级",
              issued_by="县局党总支", document_no="淮烟党〔2026〕15号"),
        event(date(2026, 6, 26), "先进党支部", recipient="党支部", level="县级",
              issued_by="县局党总支", document_no="淮烟党〔2026〕15号"),
    ]  # fmt: skip


def decisions(team: Team) -> list[Cells]:
    """Return the one decision of the superior about a member: a warning, whose time is nearly over."""
    return [
        event(date(2025, 10, 30), "违反工作纪律，造成不良影响", kind="警告", member_id=team.names[20],
              decided_by="中共周口市烟草公司纪律检查委员会", document_no="周烟纪〔2025〕7号",
              announced_on=date(2025, 11, 4)),
    ]  # fmt: skip
