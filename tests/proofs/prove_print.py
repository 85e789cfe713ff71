"""A paper printed from the preview by CUPS-PDF on a spooler of our own: the pages come out as they are shown.

Debian, as root (what the driver needs to write its files): cups printer-driver-cups-pdf.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage, QTransform
from PySide6.QtPrintSupport import QPrinterInfo
from pytestqt.qtbot import QtBot

from desktop.ui.output import show_preview
from desktop.ui.printing.job import draw_page, page_sizes
from desktop.ui.printing.preview import SOME, Made
from installer.waiting import until
from tests.ui.desks import empty_desk, settle
from tests.ui.printing.test_job import A4, A4_LYING, paper

QUEUE, DRIVER, DEVICE = "proof", Path("/usr/share/ppd/cups-pdf/CUPS-PDF_opt.ppd"), "cups-pdf:/"
PATIENCE_S = 60.0
SCALE, HALF, MOST_UNLIKE = 0.2, 128, 0.03
OUTPUTS = (Path("/var/spool/cups-pdf"), Path("~root/PDF").expanduser())
"""Where the driver puts what it prints, as its editions set it up: what nobody is known for, or what root prints."""

pytestmark = pytest.mark.skipif(
    shutil.which("cupsd") is None or not DRIVER.is_file() or os.geteuid() != 0,
    reason="cups or printer-driver-cups-pdf is not installed, or this is not root: no queue to print on",
)

FILES = """ServerRoot {0}
RequestRoot {0}/spool
CacheDir {0}/cache
StateDir {0}/state
TempDir {0}/temp
AccessLog {0}/access
ErrorLog {0}/errors
PageLog {0}/pages
SystemGroup root
"""
SETTINGS = """Listen {0}/socket
Browsing Off
LogLevel info
<Location />
Order allow,deny
Allow all
</Location>
<Location /admin>
Order allow,deny
Allow all
</Location>
<Policy default>
<Limit All>
Order allow,deny
Allow all
</Limit>
</Policy>
"""


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A printer of this computer on a spooler of our own, which knows no other."""
    with tempfile.TemporaryDirectory(prefix="branch-desk-cups-") as folder:
        yield from _spooler(Path(folder), monkeypatch)


def _spooler(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    home.chmod(0o755)  # filters are run by a user of their own
    for name in ("spool", "cache", "state", "temp"):
        (home / name).mkdir()
    (home / "temp").chmod(0o1777)
    (home / "files").write_text(FILES.format(home))
    (home / "settings").write_text(SETTINGS.format(home))
    monkeypatch.setenv("CUPS_SERVER", str(home / "socket"))
    server = subprocess.Popen(
        ["cupsd", "-f", "-c", str(home / "settings"), "-s", str(home / "files")], stderr=subprocess.DEVNULL
    )
    try:
        until((home / "socket").exists, PATIENCE_S, "the spooler does not start")
        made = ["lpadmin", "-p", QUEUE, "-v", DEVICE, "-P", str(DRIVER), "-E"]
        until(
            lambda: subprocess.run(made, capture_output=True, check=False).returncode == 0,
            PATIENCE_S,
            "the spooler takes no queue",
        )
        subprocess.run(["lpadmin", "-d", QUEUE], capture_output=True, check=True)
        yield QUEUE
    finally:
        server.terminate()
        server.wait()


def _files() -> set[Path]:
    """Return every file that the driver has written, or is writing."""
    found = {file for folder in OUTPUTS if folder.is_dir() for file in folder.rglob("*.pdf")}
    return {file for file in found if page_sizes(file.read_bytes())}


def unlike(printed: QImage, shown: QImage) -> float:
    """Return which part of a page came out otherwise; a page that lies is printed on paper that stands."""
    size, found = printed.size(), list[float]()
    for turn in (0, 90, 270):
        turned = shown.transformed(QTransform().rotate(turn)).scaled(size)
        places = [(x, y) for x in range(size.width()) for y in range(size.height())]
        other = sum(
            abs(printed.pixelColor(*at).lightness() - turned.pixelColor(*at).lightness()) > HALF for at in places
        )
        found.append(other / len(places))
    return min(found)


def test_the_pages_chosen_in_the_preview_come_out_of_the_printer_as_they_were_shown(
    qtbot: QtBot, tmp_path: Path, queue: str
) -> None:
    before, pdf = _files(), paper(A4, A4_LYING, A4, A4)
    assert QPrinterInfo.defaultPrinterName() == queue
    with empty_desk(qtbot, tmp_path) as shell:
        dialog = show_preview(shell.page(), Made("会议记录", pdf))
        qtbot.waitExposed(dialog)
        settle(qtbot, shell)
        assert dialog.printer.value() == queue
        dialog.which.set_value(SOME)
        dialog.pages.setText("4,1-2")
        with qtbot.waitSignal(dialog.printed, timeout=int(PATIENCE_S * 1000)):
            dialog.print_button.click()
        settle(qtbot, shell)
    until(
        lambda: bool(_files() - before) and not subprocess.check_output(["lpstat", "-o", queue]),
        PATIENCE_S,
        "nothing comes out of the printer",
    )
    (file,) = _files() - before
    out = file.read_bytes()
    file.unlink()
    assert [tuple(sorted(map(round, size))) for size in page_sizes(out)] == [(595, 842)] * 3
    for printed, shown in enumerate((3, 0, 1)):
        assert unlike(draw_page(out, printed, SCALE), draw_page(pdf, shown, SCALE)) < MOST_UNLIKE
