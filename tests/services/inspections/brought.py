"""Checklists as inspectors bring them."""

from pathlib import Path

from docx import Document as WordDocument
from openpyxl import Workbook

HEADS = (
    "序号",
    "考核项目",
    "考核内容与标准",
    "分值",
    "评分说明（扣分）",
    "考评方式",
    "自查分",
    "考核分",
    "对应条款",
    "备注",
)
ROWS = (
    ("1", "组织建设", "按期换届，班子配备齐全", 10, "缺一名委员扣2分", "查资料", None, None, "条例第十二条", None),
    ("2", None, "委员分工明确", 5, "没有分工不得分", "查资料", "5", None, None, "见分工表"),
    ("3", "组织生活", "三会一课次数和记录", "10分", "少一次扣1分", "查资料、访谈", "酌情", None, None, None),
    ("", "合计", None, 25, None, None, None, None, None, None),
)


def workbook(path: Path) -> Path:
    """Write a list as county offices make it: a title over all columns, 项目 merged down, a sum below."""
    book = Workbook()
    page = book.worksheets[0]
    page.append(("2026年党建工作考核评分表",))
    page.merge_cells("A1:J1")
    page.append(HEADS)
    for row in ROWS:
        page.append(row)
    page.merge_cells("B3:B4")
    book.save(path)
    return path


def document(path: Path) -> Path:
    """Write a list as a table in Word, its sections as rows of their own."""
    word = WordDocument()
    word.add_paragraph("支部规范化建设检查表")
    table = word.add_table(rows=0, cols=4)
    for cells in (
        ("检查内容", "标准分", "评分标准", "得分"),
        ("一、组织设置（20分）",) * 4,
        ("支部名称规范", "10", "不规范扣5分", ""),
        ("党小组设置合理", "10", "", "8"),
        ("二、党员管理（10分）",) * 4,
        ("名册准确", "10", "错一处扣1分", ""),
    ):
        for cell, text in zip(table.add_row().cells, cells, strict=True):
            cell.text = text
    word.save(str(path))
    return path
