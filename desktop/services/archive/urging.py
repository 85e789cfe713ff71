"""The paper that asks late branches for their packages (催报单): one for all of them, or a page for each."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from desktop.models.history import SettingName
from desktop.models.vocabulary.access import Act
from desktop.paths import resource
from desktop.services.appraisal.papers import Letter, read_letter
from desktop.services.archive.blocks import (
    Block,
    Column,
    Document,
    Keep,
    Look,
    PageBreak,
    Paragraph,
    Side,
    Signatures,
    Space,
    Table,
    Title,
    Written,
)
from desktop.services.archive.wording import day
from desktop.services.archive.writing import Sink, write_paper
from desktop.services.branch_overview import BranchOverview
from desktop.services.development.papers import filled
from desktop.services.errors import Input, InvalidInput
from desktop.services.race.editions import scheme_in_force
from desktop.services.race.scheme import UNREPORTED, Scheme
from desktop.services.reporting_due import Due
from desktop.services.toml_tables import read_toml

if TYPE_CHECKING:
    from desktop.services.store import Store

FILE = "papers/urging.toml"
BRANCHES = Input("branches", "催报的支部")
NAME = "催报单"


@cache
def words() -> Mapping[str, Letter]:
    """Return the letters by id, from their file.

    Raises:
        PackInvalid: the file breaks its form; a defect of ours.
    """
    root = read_toml(resource(FILE).read_bytes(), FILE)
    root.choice("schema", ("urging-papers/1",), "格式")
    root.text("version")
    letters = {letter.id: letter for letter in root.rows("letters", read_letter)}
    root.done()
    return letters


class UrgingPapers:
    """Writes what asks for packages at headquarters."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def urge(self, rows: Sequence[BranchOverview], due: Due, to: Sink, *, each: bool = False) -> Written:
        """Write one notice to all branches of `rows` whose package is missing, or a page for `each`.

        Raises:
            NotAllowed: who works here does not export.
            InvalidInput: none of them is asked for a package.
            StorageFailure: the disk refuses.
        """
        store = self._store
        store.rights.require(Act.EXPORT)
        late = due.missing(rows, store.today)
        if not late:
            raise InvalidInput(BRANCHES, f"该报{due.name}的都报了，不用催")
        with store.reading() as session:
            scheme = scheme_in_force(session, store.today)
        unit = store.setting(SettingName.NAME)
        facts = _facts(due, scheme, unit, store.today)
        make = sheets_document if each else notice_document
        return write_paper(store, make(late, facts, store.today), to, substitute=True)


def notice_document(late: Sequence[BranchOverview], facts: Mapping[str, str], today: date) -> Document:
    """Return the notice to all of them, with the list of who is asked."""
    letter, facts = words()["all"], {**facts, "branches": str(len(late))}
    columns = (
        Column("序号", 0.8, Side.CENTER),
        Column("编号", 1.2),
        Column("党支部", 4.6),
        Column("最近一次报送", 3.4),
        Column("签收、日期", 2.2),
    )
    lines = tuple((str(number), row.code, row.name, _last(row), "") for number, row in enumerate(late, start=1))
    blocks = [*_opening(letter, facts), Table(columns, lines, record="催报的支部"), _closing(letter, facts, today)]
    return _paper(filled(letter.heading, facts), facts, today, blocks)


def sheets_document(late: Sequence[BranchOverview], facts: Mapping[str, str], today: date) -> Document:
    """Return a page for each of them, to be signed for."""
    letter, blocks = words()["one"], list[Block]()
    for row in late:
        if blocks:
            blocks.append(PageBreak())
        own = {**facts, "branch": row.name, "last": _last(row) if row.last_seq is not None else ""}
        blocks += [*_opening(letter, own), _closing(letter, own, today, Signatures(("支部签收", "日期")))]
    named = f"{late[0].name}{letter.heading}" if len(late) == 1 else f"{facts['period']}{letter.heading}"
    return _paper(named, facts, today, blocks)


def _facts(due: Due, scheme: Scheme, unit: str, today: date) -> dict[str, str]:
    late = (today - due.closes_on).days
    rule = next((each for each in scheme.penalties if each.id == UNREPORTED), None)
    return {
        "period": due.name,
        "closes": day(due.closes_on),
        "today": day(today),
        "late": f"，已经逾期{late}天" if late > 0 else "，还没有到期，先作提醒",
        "unit": unit,
        "scheme": scheme.title,
        "version": scheme.version,
        "rule": f"“{rule.name}”每{rule.unit}{rule.points:f}分".replace("-", "−") if rule is not None else "",
    }


def _last(row: BranchOverview) -> str:
    if row.last_seq is None:
        return "还没有报送过"
    return f"第{row.last_seq}号包（{day(row.last_received_on)}收）"


def _opening(letter: Letter, facts: Mapping[str, str]) -> list[Block]:
    return [
        Title(filled(letter.heading, facts), "〔　　　　〕　　号"),
        Paragraph(filled(letter.addressee, facts), indent=False),
        *(Paragraph(line) for line in letter.lines(facts)),
    ]


def _closing(letter: Letter, facts: Mapping[str, str], on: date, *more: Block) -> Keep:
    signer = Paragraph(filled(letter.signer, facts), side=Side.RIGHT, indent=False)
    return Keep((Space(6), signer, Paragraph(day(on), side=Side.RIGHT, indent=False), *more), signs=True)


def _paper(title: str, facts: Mapping[str, str], on: date, blocks: Sequence[Block]) -> Document:
    return Document(
        title=title, author=facts["unit"], subject=title, day=on, blocks=tuple(blocks), running_foot=facts["unit"],
        look=Look.OFFICIAL,
    )  # fmt: skip
