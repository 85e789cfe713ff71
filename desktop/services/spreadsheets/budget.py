"""What reading a file of tables may cost: counted while it is read, so that no small file unfolds beyond all bounds.

A file of a kilobyte can name a merged range of the whole sheet, or hold a hundred megabytes of equal cells.
"""

import time
from dataclasses import dataclass, field
from typing import NoReturn

from desktop.services.errors import Input, InvalidInput

FILE = Input("file", "文件")
MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED_BYTES = 120 * 1024 * 1024
MAX_CELLS = 1_000_000
"""Named in the file, empty ones included."""
MAX_STEPS = 2_000_000
"""Records or elements of a file, whatever they mean."""
MAX_SPREAD = 500_000
"""Cells that merged ranges cover together."""
MAX_ROWS = 20_000
"""With something in them, in a sheet."""
MAX_COLUMNS = 200
MAX_WRITTEN_COLUMNS = 1 << 15
"""In a row of a text or a page, empty ones included: Excel writes 16 384 at most."""
MAX_SHEETS = 500
SECONDS = 30.0
"""For a whole file on a slow machine; a roster takes a tenth of a second."""
DAMAGED = "工作簿已损坏或没有复制完整"
_LOOK_EVERY = 0xFFF


def refuse(reason: str) -> NoReturn:
    """Refuse the file.

    Raises:
        InvalidInput: always.
    """
    raise InvalidInput(FILE, reason)


@dataclass(slots=True)
class Budget:
    """What has been spent on a file so far; each of its methods refuses the file once it is too much."""

    unpacked: int = 0
    steps: int = 0
    cells: int = 0
    spread: int = 0
    sheets: int = 0
    ends: float = field(default_factory=lambda: time.monotonic() + SECONDS)

    def unpack(self, count: int) -> None:
        """Count bytes unpacked.

        Raises:
            InvalidInput: too many.
        """
        self.unpacked += count
        if self.unpacked > MAX_UNPACKED_BYTES:
            refuse("工作簿展开后过大")

    def step(self, count: int = 1) -> None:
        """Count records or elements.

        Raises:
            InvalidInput: too many, or it takes too long.
        """
        before, self.steps = self.steps, self.steps + count
        if self.steps > MAX_STEPS:
            refuse("文件里的记录过多，请把要导入的工作表另存为一个新文件")
        if before ^ self.steps > _LOOK_EVERY and time.monotonic() > self.ends:
            refuse(f"读了{SECONDS:.0f}秒还没有读完，请删去用不着的工作表和行列再导入")

    def cell(self, count: int = 1) -> None:
        """Count cells, empty ones too.

        Raises:
            InvalidInput: too many.
        """
        self.cells += count
        if self.cells > MAX_CELLS:
            refuse(f"单元格超过{MAX_CELLS // 10_000}万个")

    def cover(self, rows: int, columns: int) -> None:
        """Count the cells under a merged range.

        Raises:
            InvalidInput: too many, or it is none.
        """
        if rows < 1 or columns < 1:
            refuse(DAMAGED)
        self.spread += rows * columns
        if self.spread > MAX_SPREAD:
            refuse("合并单元格铺得过大，请取消后再导入")

    def sheet(self) -> None:
        """Count a sheet.

        Raises:
            InvalidInput: too many.
        """
        self.sheets += 1
        if self.sheets > MAX_SHEETS:
            refuse(f"工作表超过{MAX_SHEETS}张")
