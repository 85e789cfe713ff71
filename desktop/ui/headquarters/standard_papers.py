"""A draft of a standard on paper, and as a file."""

from pathlib import Path

from desktop.services.standards.editing.draft import StandardDraft
from desktop.services.standards.editing.papers import Heads, Rows, differences_table, edition_table
from desktop.services.standards.editions import edition_of, edition_row
from desktop.services.standards.service import StandardService
from desktop.ui.dialogs import ask_save
from desktop.ui.output import print_sheet, told
from desktop.ui.page import Page
from desktop.ui.sheets import Sheet

FILES = "标准文件 (*.toml)"


def _sheet(title: str, table: tuple[Heads, Rows]) -> Sheet:
    heads, rows = table
    return Sheet(title, heads, rows, rows)


def _name(draft: StandardDraft) -> str:
    return f"{draft.kind.label}{draft.at(('version',))}版"


def print_edition(page: Page, draft: StandardDraft) -> None:
    """Print the whole draft for a meeting."""
    print_sheet(page, _sheet(f"{_name(draft)}（草稿）", edition_table(draft)))


def print_differences(page: Page, draft: StandardDraft, version: str) -> None:
    """Print what the draft changes in the edition in force."""
    since = draft.at(("effective_from",))
    note = f"和在用的{version}版比；自{since}起用。" if since else f"和在用的{version}版比。"
    print_sheet(page, _sheet(f"{_name(draft)}修改对照表", differences_table(draft)), note)


def save_text(page: Page, draft: StandardDraft) -> None:
    """Ask where, and write the draft as a file."""
    path = ask_save(page, "导出标准文件", f"{draft.kind.value}-{draft.at(('version',))}.toml", FILES)
    if path is None:
        return
    edition = edition_of(edition_row(draft.text))

    def work() -> Path:
        StandardService(page.desk.store).save_edition(edition, path)
        return path

    page.read(work, lambda written: told(page, written))
