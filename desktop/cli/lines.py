"""What the verbs print for people: the values of the services as lines of text."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from desktop.services.dues.words import grouped, months_words, percent, yuan
from desktop.services.numbers import digits, hundredths, points
from desktop.services.quoting import quoted, shortened

if TYPE_CHECKING:
    from desktop.services.demo import DemoBranch, DemoResult
    from desktop.services.dues.ledger import Ledger
    from desktop.services.members.comparing import Comparison
    from desktop.services.race.rows import RaceTable
    from desktop.services.retention import Proposal
    from desktop.services.spreadsheets.results import ImportResult
    from desktop.services.standards.score import Score

_JOBS_SHOWN = 10


def of_import(result: "ImportResult") -> str:
    """Say how many rows went where, and every row that changed, needs a look or was refused."""
    verb = "试导入（没有保存）" if result.dry_run else "导入"
    lines = [
        f"{verb}：读到{result.read}行，新增{result.accepted}，更新{result.updated}，"
        f"未变{result.unchanged}，退回{len(result.rejected)}" + (f"，待定{result.waiting}" if result.waiting else "")
    ]
    lines += [f"  {sheet.title}{sheet.program}" for sheet in result.sheets if sheet.program]
    if result.remembered:
        lines.append(f"  {result.remembered}")
    for question in result.questions:
        lines.append(f"  要定 {question.words}" + (f"  {question.cli}" if question.cli else ""))
        lines += [f"       {'  '.join(fact)}" for fact in question.facts]
    lines += [
        f"  没有导入 {part.sheet}{f' 第{part.row}行' if part.row else ''} {part.what}：{part.why}"
        for part in result.left_out
    ]
    lines += [
        f"  更新 {row.record} {row.field}：{shortened(row.before or '空')} → {shortened(row.after or '空')}"
        for row in result.changes
    ]
    lines += [
        f"  建议 第{row.row}行 {row.record} {row.field}：{shortened(row.value)}（{row.reason}）"
        for row in result.proposals
    ]
    lines += [f"  提醒 {row.sheet} 第{row.row}行 {row.field}：{row.reason}" for row in result.warnings]
    lines += [
        f"  退回 {row.sheet} 第{row.row}行 {row.field}{quoted(row.value)}：{row.reason}" for row in result.rejected
    ]
    return "\n".join(lines)


def of_comparison(found: "Comparison") -> str:
    """Say how many people agree, and every difference: here → there."""
    lines = [f"表里{found.there}人，名册{found.here}人，一致{found.same}人，不同{len(found.differences)}处"]
    lines += [f"  {sheet.title}{sheet.program}" for sheet in found.result.sheets if sheet.program]
    lines += [
        f"  要定 {question.words}" + (f"  {question.cli}" if question.cli else "")
        for question in found.result.questions
    ]
    for one in found.differences:
        told = f"：{shortened(one.here or '空')} → {shortened(one.there or '空')}" if one.field else ""
        lines.append(f"  {one.kind.label} {one.name} {one.id_no_masked} {one.field or one.here or one.there}{told}")
    lines += [
        f"  看不懂 {row.sheet} 第{row.row}行 {row.field}{quoted(row.value)}：{row.reason}"
        for row in found.result.rejected
    ]
    return "\n".join(lines)


def of_dues(ledger: "Ledger") -> str:
    """Say who owes how much since when, and the sums of the year."""
    lines = [
        f"{ledger.year}年党费（截至{ledger.on.isoformat()}）：{len(ledger.rows)}人，"
        f"全年应交{grouped(ledger.due_fen)}元，已交{grouped(ledger.paid_fen)}元"
    ]
    if ledger.provisional:
        lines.append(f"  {len(ledger.provisional)}人还没有核定{ledger.year}年党费，暂按名册上的基数算")
    if ledger.unrecorded:
        unknown = months_words([(ledger.year, month) for month in ledger.unrecorded], ledger.year)
        lines.append(f"  {unknown}没有记录，交没交不知道，不算欠")
    for row in ledger.rows:
        monthly = "未核定" if row.monthly_fen is None else f"每月{yuan(row.monthly_fen)}"
        base = f"{yuan(row.base_fen)}×{percent(row.rate_ppm)}" if row.base_fen is not None and row.rate_ppm else ""
        owed = f"  欠{months_words(row.owed, ledger.year)}共{yuan(row.owed_fen)}元" if row.owed else ""
        alarm = f"  {row.alarm.name}：{row.alarm.words}" if row.alarm else ""
        lines.append(f"  {row.name} {row.dues_class.label} {base} {monthly} 已交{grouped(row.paid_fen)}{owed}{alarm}")
    return "\n".join(lines)


def of_score(score: "Score") -> str:
    """Say the score, dimension by dimension, and the ten things that bring most."""
    lines = [
        f"{score.year}年标准化得分（{score.judge}，截至{score.on.isoformat()}）：已得{hundredths(score.total)}分，"
        f"{score.parts_text}，待评和未到期{hundredths(score.pending)}分",
        f"得分率{score.rate_text}，等次：{score.grade_text}",
    ]
    lines.extend(f"限定条件：{gate.name}（{gate.ground}），{gate.effect}" for gate in score.gates)
    lines.extend(
        f"  {d.id} {d.dimension.name} {hundredths(d.score)} / {digits(d.max / 100)}，待评{hundredths(d.pending)}"
        for d in score.dimensions
    )
    jobs = [job for job in score.jobs if job.mendable]
    if jobs:
        lines.append(f"还能补{len(jobs)}件，分值大的在前：")
        lines += [
            f"  {job.item_id} {job.what}（+{hundredths(job.gain)}，{job.who.text}）" for job in jobs[:_JOBS_SHOWN]
        ]
    return "\n".join(lines)


def of_race(table: "RaceTable") -> str:
    """Say the places, each with its reasons."""
    lines = [f"{table.period_name} 赛马（{table.scheme_title} {table.scheme_version}）"]
    for row in table.rows:
        total = points(row.total)
        place = "—" if row.rank is None else f"第{row.rank}名"
        lines.append(f"  {place}  {row.name}  {total}  {row.class_name}")
        lines += [f"      {reason}" for reason in row.reasons]
    return "\n".join(lines)


def of_demo(result: "DemoResult") -> str:
    """Say where everything lies and what came out."""
    lines = [
        f"示范数据已建好（{result.on}，{result.period}），密码都是 {result.password}",
        f"总部：{result.headquarters}",
    ]
    for branch in result.branches:
        lines += _demo_branch(branch)
    return "\n".join(lines)


def _demo_branch(branch: "DemoBranch") -> list[str]:
    score = branch.self_score
    imported = "，".join(f"{kind} {count}" for kind, count in branch.imported.items())
    return [
        f"{branch.name}（{branch.code}）",
        f"  数据：{branch.store}    导入：{imported}",
        f"  自评：已得 {score.total / 100}（{score.parts_text}），待评 {score.pending / 100}",
        f"  档案：{branch.archive}",
        f"  报送：{branch.package.name}，总部：{branch.received}",
        f"  赛马：{branch.total} 分，{f'第{branch.rank}名' if branch.rank else '未排名'}，{branch.race_class}",
        f"  提升：{branch.plan}",
    ]


def of_proposals(proposals: Sequence["Proposal"]) -> str:
    """Say what has passed its period of keeping, by rule, with what it is called to be cleared."""
    if not proposals:
        return "没有过了保存期限的材料。"
    told: list[str] = []
    for rule in dict.fromkeys(each.rule for each in proposals):
        found = [each for each in proposals if each.rule is rule]
        told.append(f"{rule.title}（{rule.id}，{len(found)}件）：{rule.why}；清除：{rule.effect}。")
        told += [f"  {each.what}  自{each.since}起，{each.due}到期  {each.key}" for each in found]
    told.append("程序不自己删除。要清除的，加 --erase 类别或编号 --reason 理由。")
    return "\n".join(told)
