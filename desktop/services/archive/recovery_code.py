"""The recovery code on paper. It is made in memory only: it goes to a printer and never lies on a disk."""

import io
from datetime import date

from desktop.services.archive.blocks import Document, Fields, Look, Title
from desktop.services.archive.pdf import render
from desktop.services.archive.wording import day

TITLE, PROGRAM = "恢复码", "支部工作台"
WORDS = "忘记密码时使用，请放入保险柜。"


def recovery_paper(code: str, on: date, owner: str) -> bytes:
    """Return the PDF of one page with the groups of `code`.

    `on` tells it from the pages of codes before it, `owner` (the name the data go by) from those of other branches in
    the same safe.
    """
    groups = tuple((f"第 {number} 组", group) for number, group in enumerate(code.split("-"), start=1))
    blocks = (Title(f"{PROGRAM} {TITLE}", WORDS), Fields((*groups, ("用于", owner), ("打印日期", day(on)))))
    paper = io.BytesIO()
    render(Document(title=TITLE, author=PROGRAM, subject=TITLE, day=on, blocks=blocks, look=Look.OFFICIAL), paper)
    return paper.getvalue()
