"""How a rule is computed, said in Chinese from its kind and parameters (怎么算)."""

from collections.abc import Callable, Mapping

from desktop.services.standards.facts import Facts
from desktop.services.standards.pack import Rule
from desktop.services.standards.periods import PERIOD_WORDS
from desktop.services.standards.rules.counting import EACH_WORDS, Params, law_of
from desktop.services.standards.rules.people import (
    FIELD_WORDS,
    PAIR_WORDS,
    fraction_words,
)
from desktop.services.standards.verdict import amount, percent
from desktop.services.standards.vocabulary import END_STATES


def how(rule: Rule, facts: Facts) -> str:
    """Return in Chinese how the rule is computed, from its kind and parameters (怎么算)."""
    if rule.kind == "all_of":
        return "；".join(how(inner, facts).rstrip("。") for inner in rule.rules) + "。各条平均。"
    return _HOW[rule.kind](rule.params, facts)


def _every(p: Params) -> str:
    return PERIOD_WORDS[p["per"]]


def _meeting_words(p: Params, facts: Facts) -> str:
    name = "会议或活动" if p["meeting"] == "any" else facts.label(p["meeting"])
    if p.get("agenda_tag"):
        name = f"{facts.label(p['agenda_tag'])}的{name}"
    if p.get("speaker_post"):
        name = f"{facts.label(p['speaker_post'])}主讲的{name}"
    whom = "每个党小组" if p.get("each") == "group" else ""
    closes = law_of(facts).closes(p["meeting"])
    rest = (
        f"按所属年度算，次年{int(closes[:2])}月{int(closes[3:])}日前为进行中。"
        if closes
        else "只看已过去的周期，本期没到期不算缺。"
    )
    return f"{whom}{_every(p)}至少{p['min']}次{name}。{rest}"


def _record_words(p: Params, facts: Facts) -> str:
    name = facts.label(p["record"])
    if p.get("tag"):
        name = f"{name}（{facts.label(p['tag'])}）"
    word = EACH_WORDS.get(p.get("each") or "", "")
    whom = f"每{word}" if word else ""
    return f"{whom}{_every(p)}至少{p['min']}条“{name}”，按发生日期算。只看已过去的周期，本期没到期不算缺。"


_HOW: Mapping[str, Callable[[Params, Facts], str]] = {
    "meeting_count": _meeting_words,
    "record_count": _record_words,
    "attendance_rate": lambda p, f: (
        f"{_every(p)}到会人次÷（应到人次−因{'、'.join(p['neutral_reasons'])}请假人次），"
        f"{percent(p['min'])}以上得满分，{percent(p['zero'])}以下不得分，中间按比例，各期平均。"
    ),
    "training_hours": lambda p, f: (
        f"{'书记和支委' if p['who'] == 'committee' else '在岗党员'}每人每年{amount(p['min'])}学时，"
        f"按月折算，各人完成比例平均"
        + (f"；年底没有参加{p['min_sessions']}次集中培训的减半。" if p.get("min_sessions") else "。")
    ),
    "volunteer_hours": lambda p, f: f"在岗党员志愿服务年人均{amount(p['min_avg'])}小时，按月折算。",
    "dues_paid": lambda p, f: (
        f"已足额交纳的人月÷应交的人月，{p['max_arrears_months']}个月内补交的算已交"
        + ("，经同意可按季交。" if p["allow_quarterly"] else "。")
    ),
    "talk_coverage": lambda p, f: (
        f"{'、'.join(PAIR_WORDS[k].removesuffix('谈心谈话') for k in p['pairs'])}，"
        f"{_every(p)}至少谈心{p['min']}次，各类覆盖率平均。"
    ),
    "member_limits": lambda p, f: f"正式党员不少于{p['min_full']}人；总数一般不超过{p['max_total']}人，超过只提醒。",
    "committee_size": lambda p, f: (
        f"正式党员{p['full_threshold']}人以上设支委会{p['min']}至{p['max']}人（一般不超过{p['usual_max']}人）；"
        "不足的设书记1人，副书记至多1人。"
    ),
    "group_assignment": lambda p, f: "每名党员编入一个党小组，每组有本组的组长。",
    "term_valid": lambda p, f: f"每届{p['years']}年，届满前换届；经批准延期或提前不超过{p['max_shift_years']}年。",
    "post_filled": lambda p, f: f"书记、副书记、委员空缺不超过{p['max_vacant_days']}天。",
    "post_requirement": lambda p, f: f"{f.label(p['post'])}党龄不少于{p['min_party_years']}年，从转正之日算。",
    "roster_complete": lambda p, f: (
        f"名册已填项÷应填项，应填：{'、'.join(FIELD_WORDS.get(x, x) for x in p['fields'])}（转正时间只看正式党员）。"
    ),
    "development_valid": lambda p, f: "在办的每件发展党员，时限、顺序、票数、公示、审批都没有违反细则。",
    "appraisal_valid": lambda p, f: (
        f"{_every(p)}开展{p['min']}次，优秀不超过党员总数的{fraction_words(*p['excellent_max_ratio'])}"
        + ("。" if p["rate_probationary"] else "，预备党员不评等次。")
    ),
    "vote_valid": lambda p, f: (
        "每次表决和选举：票数齐全、互相对得上、达到法定人数、结果与票数一致；依法未通过也算合规。"
    ),
    "transfer_closed": lambda p, f: f"转接在介绍信有效期内办结，最长{p['max_days']}天。",
    "issue_closed": lambda p, f: (
        f"来源为{f.label('issue.' + p['source'])}的问题：按期销号的÷已到期的，要求{percent(p['min_ratio'])}。"
    ),
    "points_published": lambda p, f: f"{_every(p)}至少公示积分{p['min']}次。",
    "pdca_stage": lambda p, f: (
        f"{_every(p)}末，最近一次类别的提升计划达到模板要求的环节"
        f"（最高看到“{f.label('pdca_plan.' + p['min_stage'])}”）。"
    ),
    "project_state": lambda p, f: (
        f"{_every(p)}至少{p['min']}项{f.label(p['entity'])}"
        f"{'达到' if p['state'] in END_STATES else '处于'}“{f.label(p['entity'] + '.' + p['state'])}”。"
    ),
    "archive_ready": lambda p, f: f"会议在{p['late_days']}天内确认归档的÷本期会议，{_every(p)}算一次，各期平均。",
}
