"""Short forms to hand out (测评票): several on a page, filled in without a name, the sums typed once."""

from datetime import date

from desktop.models.registers import Register
from desktop.services.archive.blocks import Block, Column, Document, Keep, Note, Side, Space, Table, Title
from desktop.services.registers.service import RegisterRow

ON_A_PAGE = 4
OPTIONS = ("满意", "基本满意", "不满意")
"""Of a record whose declaration has no grades of its own; only 满意 counts as satisfied."""
_GAP_MM = 6.0


def options_of(register: Register) -> tuple[str, ...]:
    """Return what may be ticked: the grades that the register counts, else whether one is satisfied."""
    survey = register.survey
    if survey is None or not survey.ballots:
        return OPTIONS
    return tuple(register.field(name).label.rpartition("：")[2] for name in survey.ballots)


def ballot_document(register: Register, row: RegisterRow, branch: str, on: date) -> Document:
    """Return a page of forms about one record, to be copied as often as they are needed."""
    options = options_of(register)
    who = row.texts.get("member_id", "")
    about = "　".join(filter(None, (row.heading, who, str(row.on or ""))))
    columns = (
        Column("测评内容", 4.0),
        *(Column(option, 1.2, Side.CENTER) for option in options),
        Column("意见建议", 3.0),
    )
    form: tuple[Block, ...] = (
        Title(f"{register.title}测评票", branch),
        Table(columns, ((about, *("□" for _option in options), ""),), record=register.title),
        Note("在一栏里打“√”，只选一项；不写姓名，当场收回。"),
        Space(_GAP_MM),
    )
    return Document(
        title=f"{branch}{register.title}测评票",
        author=branch,
        subject=row.heading,
        day=row.on or on,
        blocks=tuple(Keep(form) for _number in range(ON_A_PAGE)),
        bookmarks=False,
    )
