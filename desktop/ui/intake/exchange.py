"""What the import writes into files: the mapping for other branches, and the rows that were refused."""

from pathlib import Path

from desktop.ui.dialogs import ask_save
from desktop.ui.intake.hand import InHand
from desktop.ui.output import EXCEL, told
from desktop.ui.page import Page

MAPPING_SUFFIX = ".json"
MAPPING = f"对列方案 (*{MAPPING_SUFFIX})"


def save_mapping(page: Page, name: str, hand: InHand) -> None:
    """Ask where, and write how the file in hand is read, for other branches."""
    path = ask_save(page, "导出对应", f"{name}对列方案{MAPPING_SUFFIX}", MAPPING)
    if path is None:
        return
    store, kind, answers, looks = page.desk.store, hand.kind, hand.answers, hand.looks

    def work() -> Path:
        from desktop.services.intake.mappings import Mappings

        Mappings(store).hand_on(path, kind, answers, looks)
        return path

    page.read(work, lambda written: told(page, written))


def save_rejects(page: Page, name: str, hand: InHand) -> None:
    """Ask where, and write the refused rows to a workbook that can be corrected and imported again."""
    result = hand.result
    path = ask_save(page, "导出退回的行", f"{name}退回的行.xlsx", EXCEL)
    if path is None or result is None:
        return

    def work() -> int:
        from desktop.services.spreadsheets.tables import write_rejects

        return write_rejects(path, result.rejected)

    page.read(work, lambda _count: told(page, path))
