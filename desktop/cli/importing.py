"""The verbs `import` and `compare`: a file, and what a person says of it in options instead of in the window."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.cli import lines, shapes
from desktop.cli.outcome import Outcome
from desktop.cli.places import place
from desktop.cli.terminal import open_for, progress
from desktop.messages import present
from desktop.models.vocabulary.branches import MemberCategory
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.errors import Input, InvalidInput, StorageFailure
from desktop.services.intake.answers import Answers
from desktop.services.intake.looks import QuestionKind
from desktop.services.quoting import quoted

if TYPE_CHECKING:
    from desktop.services.spreadsheets.results import ImportResult
    from desktop.services.spreadsheets.sheets import Sheet
    from desktop.services.workbooks import Book

USAGE = Input("usage", "用法")
MAP, SHEET, ANSWER = Input("map", "--map"), Input("sheet", "--sheet"), Input("answer", "--answer")


def add_options(options: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    options.add_argument("kind", nargs="?", help="members、meetings 或登记簿名")
    options.add_argument("file", nargs="?", type=Path, help="表格文件；会议记录也可以是 Word 文档，或放着它们的文件夹")
    options.add_argument("--dry-run", action="store_true", help="只看结果，不保存")
    options.add_argument("--rejects", type=place, help="退回的行写到这个 Excel 文件")
    options.add_argument("--list", action="store_true", help="列出所有表格种类")
    options.add_argument("--assume-full", action="store_true", help="没写类别也没有入党、转正时间的都按正式党员")
    options.add_argument("--undo", action="store_true", help="撤销最近一次导入，种类写了就是这一种的")
    add_answers(options)


def add_comparing(options: argparse.ArgumentParser) -> None:
    """Declare what `compare` takes."""
    options.add_argument("kind", choices=["members"], help="members：名册")
    options.add_argument("file", type=Path, help="全国系统导出的表格")
    add_answers(options)
    options.set_defaults(assume_full=False)


def add_answers(options: argparse.ArgumentParser) -> None:
    """Declare what a person may say of a file."""
    options.add_argument("--sheet", action="append", default=[], metavar="工作表", help="只导入这张工作表，可以写几次")
    options.add_argument(
        "--map", action="append", default=[], metavar="列名=字段", help="这一列是什么；等号后面空着就是不导入这一列"
    )
    options.add_argument(
        "--answer",
        "--reply",
        action="append",
        default=[],
        metavar="问题=回答",
        help="回答一个问题，见 --dry-run 的结果",
    )
    options.add_argument("--encoding", default="", metavar="编码", help="文本文件的文字编码：utf-8、utf-16、gb18030")


def import_(options: argparse.Namespace) -> Outcome:
    """Take a file, take the last import back, or list the kinds there are.

    Raises:
        InvalidInput: kind or file is not given, or a question holds the import; it names the option that answers.
    """
    from desktop.services.workbooks import book, books

    with open_for(options) as store:
        if options.list:
            kinds = books(store)
            listing = [{"kind": kind.name, "title": kind.title} for kind in kinds]
            return Outcome({"kinds": listing}, "\n".join(f"{kind.name:28}{kind.title}" for kind in kinds))
        if options.undo:
            from desktop.services.intake.record import ImportRecord

            undone = ImportRecord(store).undo_last(options.kind)
            return Outcome(
                {"undone": undone.id, "file": undone.file, "kind": undone.kind},
                f"已撤销{undone.at:%Y-%m-%d %H:%M}从{quoted(undone.file)}导入的{undone.title}",
            )
        if options.kind is None or options.file is None:
            raise InvalidInput(USAGE, "要写明表格种类和文件，例如 members 名册.xlsx；种类见 --list")
        kind = book(store, options.kind)
        answers = _answers(options, kind)
        try:
            result = kind.import_file(options.file, answers=answers, dry_run=options.dry_run, progress=progress("导入"))
        except InvalidInput as error:
            if not error.facts.get("cli"):
                raise
            raise InvalidInput(
                Input(error.name, error.label), f"{error.reason}；请加上 {error.facts['cli']}"
            ) from error
    return Outcome(shapes.of_import(result), lines.of_import(result), _refusal(options, result))


def compare(options: argparse.Namespace) -> Outcome:
    """List what differs between the roster and a list of the national system; nothing is changed."""
    from desktop.services.members.comparing import RosterComparison
    from desktop.services.workbooks import book

    with open_for(options, StoreKind.BRANCH) as store:
        answers = _answers(options, book(store, options.kind))
        found = RosterComparison(store).compare(options.file, answers, progress=progress("比对"))
    result = found.result
    parts = [_held(result, "比对")] if any(question.holds for question in result.questions) else []
    if not parts:
        parts = [f"{len(result.rejected)}行看不懂"] if result.rejected else []
        parts += [f"{result.waiting}行等着回答（--answer）"] if result.waiting else []
        parts = [f"{'，'.join(parts)}，没有比对。"] if parts else []
    return Outcome(shapes.of_comparison(found), lines.of_comparison(found), "".join(parts))


def _held(result: "ImportResult", verb: str) -> str:
    """Say which question holds the whole file, and the option that answers it."""
    held = [question for question in result.questions if question.holds]
    more = f"（另有{len(held) - 1}处）" if len(held) > 1 else ""
    return f"{held[0].words}{more}：{verb}前请加上 {held[0].cli}。"


def _refusal(options: argparse.Namespace, result: "ImportResult") -> str:
    """Say what did not go in, and where that is to be read."""
    if any(question.holds for question in result.questions):
        return _held(result, "导入")
    parts = [f"{len(result.rejected)}行没有导入"] if result.rejected else []
    if result.waiting:
        parts.append(f"{result.waiting}行等着回答（--answer）")
    if not parts:
        return ""
    kept = "没有保存" if options.dry_run else "其余行已保存"
    return f"{'，'.join(parts)}，{kept}{_rejects_written(options.rejects, result)}。"


def _rejects_written(path: Path | None, result: "ImportResult") -> str:
    """Write the rows that were refused to `path`, if there is one; say where they are, or why not there."""
    from desktop.services.spreadsheets.tables import write_rejects

    if path is None:
        return ""
    try:
        write_rejects(path, result.rejected)
    except StorageFailure as error:
        return f"；退回的行没有写出：{present(error).title.rstrip('。')}"
    return f"；见{path}"


def _answers(options: argparse.Namespace, kind: "Book") -> Answers:
    """Return what the options say of the file."""
    headings = {heading: _field(kind.sheet(), name) for heading, name in _pairs(options.map, MAP).items()}
    assume = {QuestionKind.CATEGORY.value: MemberCategory.FULL_MEMBER.value} if options.assume_full else {}
    answers = Answers(
        encoding=options.encoding, headings=headings, replies=_pairs(options.answer, ANSWER), assume=assume
    )
    if not options.sheet:
        return answers
    titles = [sheet.title for sheet in kind.look(options.file, answers).understood.sheets]
    for title in options.sheet:
        if title not in titles:
            raise InvalidInput(SHEET, f"没有工作表{quoted(title)}，有：{'、'.join(titles)}")
    sheets = {title: title in options.sheet for title in titles}
    return Answers(encoding=answers.encoding, headings=headings, replies=answers.replies, assume=assume, sheets=sheets)


def _pairs(typed: Sequence[str], field: Input) -> Mapping[str, str]:
    """Return what stands before and after the last = of each."""
    found = {}
    for text in typed:
        name, mark, value = text.rpartition("=")
        if not mark or not name.strip():
            raise InvalidInput(field, f"{quoted(text)}要写成“{'列名=字段' if field is MAP else '问题=回答'}”")
        found[name.strip()] = value.strip()
    return found


def _field(sheet: "Sheet", words: str) -> str:
    """Return the field of `sheet` that is called so; an empty text means that the column is not imported."""
    if not words:
        return ""
    for column in sheet.columns:
        if words in (column.name, column.label):
            return column.name
    raise InvalidInput(MAP, f"没有{quoted(words)}这个字段，可写：{'、'.join(column.label for column in sheet.columns)}")
