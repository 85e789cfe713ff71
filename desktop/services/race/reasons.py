"""Why a branch is classed as it is, in sentences a secretary can check with a calculator."""

from collections.abc import Sequence
from decimal import Decimal

from desktop.services.numbers import points, signed
from desktop.services.race.groups import Group
from desktop.services.race.scoring import (
    UNCLASSED,
    UNCLASSED_NAME,
    IndicatorScore,
    Scored,
    Status,
    mean,
    plain,
    round_half_up,
    short_name,
    total_of,
)


def reasons_of(group: Group, scored: Scored, uncapped: str, class_id: str) -> list[str]:
    """Return the sentences that explain `class_id` of a branch, which points and place alone would make `uncapped`."""
    rules, scheme = group.rules, group.scheme
    words = []
    if uncapped == UNCLASSED and scored.missing_weight <= scheme.missing.max_weight:
        words.append(f"{_lacking_words(group, scored)}，{UNCLASSED_NAME}，不参加名次。")
    elif uncapped == UNCLASSED:
        words.append(
            f"缺数据的指标权重共{plain(scored.missing_weight)}分，超过{plain(scheme.missing.max_weight)}分，"
            f"{UNCLASSED_NAME}，不参加名次。"
        )
    else:
        words.append(_line_words(group, scored, uncapped))
    words.extend(_year_words(group, scored))
    words.extend(_missing_words(group, scored))
    if scored.deductions:
        cases = "、".join(f"{d.penalty.name}{d.cases}{d.penalty.unit}扣{plain(-d.points)}分" for d in scored.deductions)
        words.append(f"扣分：{cases}。")
    for veto in scored.vetoes:
        words.append(f"否决项：{veto.name}，类别最高为{short_name(scheme, veto.max_class)}。")
    if not scored.vetoes and not scored.deductions:
        words.append("无否决、无扣分。")
    if class_id != uncapped:
        own, given = short_name(scheme, uncapped), short_name(scheme, class_id)
        words.append(f"按分数和名次应为{own}，受否决项限制定为{given}。")
    if uncapped in ("middle", "lagging"):
        words.extend(_weakest_words(group, scored))
    if group.small and uncapped != UNCLASSED:
        words.append(f"本组参加定类的支部不足{rules.small_group_less_than}个，只看分数线。")
    return words


def _line_words(group: Group, scored: Scored, uncapped: str) -> str:
    rules, total, rank = group.rules, total_of(scored), group.rank(scored)
    ranked = "共" if len(group.scored) == len(group.ranked) else "参加名次的共"
    place = f"名次第{rank}，{ranked}{len(group.ranked)}个支部"
    tops = f"前{group.advanced_places}名"

    def apart(line: Decimal, name: str) -> str:
        gap = total - line
        where = f"比{name}{plain(line)}分{'低' if gap < 0 else '高'}{points(abs(gap))}分"
        return where if gap else f"正好达到{name}{plain(line)}分"

    head = f"总分{points(total)}，"
    if uncapped == "advanced":
        return f"{head}{apart(rules.advanced_min_score, '先进线')}；{place}{'' if group.small else f'，在{tops}之内'}。"
    if uncapped == "middle":
        if group.small:
            tail = ""
        elif group.in_top(scored):
            tail = f"，在{tops}之内，但分数未到先进线"
        else:
            lost = any(group.in_top(other) for other in group.tied(scored))
            wanted = points(group.wanted_total(scored, "advanced"))
            tail = f"，{f'{group.tie_words}，' if lost else ''}未进{tops}，须到{wanted}分"
        return f"{head}{apart(rules.advanced_min_score, '先进线')}；{place}{tail}。"
    if total < rules.lagging_absolute_below:
        return f"{head}{apart(rules.lagging_absolute_below, '落后线')}；{place}。"
    kept = any(not group.in_bottom(other) for other in group.tied(scored))
    tail = f"，{group.tie_words}" if kept else ""
    return f"{head}{apart(rules.lagging_bottom_below, '后段线')}，且在后{group.lagging_places}名之内；{place}{tail}。"


def _lacking_words(group: Group, scored: Scored) -> str:
    gone = [f"第{number}季度" for number, total in enumerate(scored.entry.quarters, start=1) if total is None]
    return f"没有{'、'.join(gone)}的成绩" if gone else "没有可计分的指标"


def _year_words(group: Group, scored: Scored) -> list[str]:
    known = [quarter for quarter in scored.entry.quarters if quarter is not None]
    if scored.total is None or scored.year_end is None or not known:
        return []
    average = round_half_up(mean(known))
    shares = group.scheme.quarters_share * 100, group.scheme.year_end_share * 100
    return [
        f"年度总分由四季度均分{points(average)}（占{plain(shares[0])}%）和年终评{points(scored.year_end)}分"
        f"（占{plain(shares[1])}%）合成。"
    ]


def _missing_words(group: Group, scored: Scored) -> list[str]:
    missing = []
    for indicator in scored.indicators:
        for result in indicator.parts:
            _, part = group.scheme.part(result.id)
            if result.status == Status.MISSING:
                missing.append(f"{result.name}没有数据")
            elif result.status == Status.TOO_FEW:
                count = "未填" if result.samples is None else f"{result.samples}份"
                missing.append(f"{result.name}样本{count}，不足{part.min_samples}份")
    words = [f"数据不全：{'、'.join(missing)}，不按0分计，其余指标折算。"] if missing else []
    skipped = [i.name for i in scored.indicators if i.status == Status.NOT_APPLICABLE]
    if skipped:
        words.append(f"不适用：{'、'.join(skipped)}，其余指标折算。")
    return words


def _weakest_words(group: Group, scored: Scored) -> list[str]:
    gaps = indicator_gaps(scored.indicators, [leader.indicators for leader in group.leaders])
    weak = [(name, gap) for _, name, gap in gaps if gap > 0][:3]
    if not weak:
        return []
    against = "先进支部均分" if group.leaders else "满分"
    return [f"与{against}差距最大的是{'、'.join(f'{name}（{signed(-gap)}分）' for name, gap in weak)}。"]


def indicator_gaps(
    own: Sequence[IndicatorScore], leaders: Sequence[Sequence[IndicatorScore]]
) -> list[tuple[str, str, Decimal]]:
    """Return (indicator, name, points below the leaders' mean, or below full without leaders), widest first."""
    gaps = []
    for index, indicator in enumerate(own):
        if indicator.points is None:
            continue
        theirs = [points for leader in leaders if (points := leader[index].points) is not None]
        bar = round_half_up(mean(theirs)) if theirs else indicator.weight
        gaps.append((indicator.id, indicator.name, bar - indicator.points))
    return sorted(gaps, key=lambda gap: -gap[2])
