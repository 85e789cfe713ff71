"""What is asked about sheets and columns, in words, with the option of the command line that answers it."""

from collections.abc import Sequence

from desktop.services.intake.columns import Column
from desktop.services.intake.looks import Option, Question, QuestionKind, SheetLook
from desktop.services.quoting import quoted
from desktop.services.spreadsheets.sheets import Sheet


def nothing_found(sheet: Sheet, looks: Sequence[SheetLook]) -> Question:
    """Return the question for a file in which no sheet is what is being taken in."""
    others = [look for look in looks if look.seems != "没有表头的表"]
    if others:
        told = "、".join(f"{look.title}（{look.seems}）" for look in others)
        return Question(
            key="sheets",
            kind=QuestionKind.SHEET,
            sheet=others[0].title,
            row=0,
            field="",
            words=f"没有像{sheet.title}的工作表：{told}",
            options=tuple(Option(look.title, f"把{look.title}当作{sheet.title}") for look in others),
            holds=True,
            cli="--sheet 工作表名",
        )
    return Question(
        key="heading",
        kind=QuestionKind.MISSING,
        sheet=looks[0].title if looks else "",
        row=0,
        field="",
        words=f"没有找到{sheet.title}的表头行（{_some_titles(sheet)}）",
        holds=True,
    )


def _some_titles(sheet: Sheet) -> str:
    return "、".join(column.label for column in sheet.columns if column.required) or sheet.columns[0].label


def missing_columns(sheet: Sheet, title: str, columns: Sequence[Column]) -> list[Question]:
    """Return the question for required fields that no column holds."""
    held = {name for column in columns for name in (column.field, *column.also)}
    missing = [column for column in sheet.columns if column.required and column.name not in held]
    if not missing:
        return []
    return [
        Question(
            key=f"missing/{title}",
            kind=QuestionKind.MISSING,
            sheet=title,
            row=0,
            field=missing[0].name,
            words=f"工作表“{title}”缺少列：" + "、".join(column.label for column in missing),
            holds=True,
            cli=f"--map 列名={missing[0].label}",
        )
    ]


def held_columns(sheet: Sheet, title: str, columns: Sequence[Column]) -> list[Question]:
    """Return a question for each column that must not be passed over in silence."""
    taken = {column.field for column in columns}
    asked = []
    for column in columns:
        if not column.held:
            continue
        name = column.heading or f"{column.letter}列"
        free = [Option(spec.name, spec.label) for spec in sheet.columns if spec.name not in taken]
        asked.append(
            Question(
                key=f"column/{title}/{column.first}",
                kind=QuestionKind.COLUMN,
                sheet=title,
                row=0,
                field=name,
                words=f"{column.letter}列{quoted(name)}{column.why}",
                options=(*free, Option("", "不导入")),
                holds=True,
                cli=f"--map {name}=字段",
            )
        )
    return asked


def twice(sheet: Sheet, title: str, columns: Sequence[Column]) -> list[Question]:
    """Return a question for each field that a person chose for more than one column."""
    labels = {column.name: column.label for column in sheet.columns}
    holders: dict[str, list[Column]] = {}
    for column in columns:
        if column.field is not None:
            holders.setdefault(column.field, []).append(column)
    return [
        Question(
            key=f"twice/{title}/{name}",
            kind=QuestionKind.TWICE,
            sheet=title,
            row=0,
            field=name,
            words=f"{'、'.join(column.letter for column in several)}列都选了{labels[name]}，只能有一列",
            options=tuple(Option(str(column.first), f"取{column.letter}列") for column in several),
            holds=True,
            cli=f"--map 列名={labels[name]}",
        )
        for name, several in holders.items()
        if len(several) > 1
    ]
