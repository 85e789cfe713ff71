"""The preview of a paper: drawn on a worker, which alone loads the libraries for PDF."""

import io
import subprocess
import sys

import pikepdf
from pytestqt.qtbot import QtBot
from shiboken6 import invalidate

from desktop.ui.widgets.layout import box, col
from desktop.ui.widgets.paper import PaperPreview, draw_pages

LOADED = """
import importlib, pathlib, sys
for file in sorted(pathlib.Path("desktop/ui").rglob("*.py")):
    importlib.import_module(".".join(file.with_suffix("").parts).removesuffix(".__init__"))
print(sorted({"reportlab", "pikepdf", "pypdfium2", "PIL"} & set(sys.modules)))
"""


def pdf(pages: int) -> bytes:
    buffer = io.BytesIO()
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page(page_size=(200, 300))
        document.save(buffer)
    return buffer.getvalue()


def test_no_page_of_the_window_loads_the_libraries_for_pdf() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_pages_are_drawn_as_wide_as_asked_and_no_more_than_asked() -> None:
    drawn = draw_pages(pdf(3), 400, most=2)
    assert [(page.width(), page.height()) for page in drawn.pages] == [(400, 600), (400, 600)]
    assert draw_pages(b"%PDF-1.7 broken", 400).pages == ()


def test_a_wider_view_stretches_what_it_has_and_asks_for_sharper_pages(qtbot: QtBot) -> None:
    preview = PaperPreview()
    qtbot.addWidget(preview)
    preview.resize(500, 400)
    preview.show()
    preview.show_pages(draw_pages(pdf(1), preview.width_px()))
    with qtbot.waitSignal(preview.widened):
        preview.resize(700, 400)
    wide = preview.width_px()
    preview.show_pages(draw_pages(pdf(1), wide))
    assert preview.drawn is not None
    assert preview.drawn.width_px == wide


def test_without_a_page_no_bar_stands_there_that_scrolls_nothing(qtbot: QtBot) -> None:
    preview = PaperPreview()
    window = box(col(preview))
    qtbot.addWidget(window)
    window.show()
    for drawn in (draw_pages(pdf(1), 400), draw_pages(b"", 400), draw_pages(pdf(1), 400)):
        preview.show_pages(drawn)
        assert preview.isVisible() == bool(drawn.pages)


def test_a_bar_that_python_lost_sight_of_still_follows_its_pages(qtbot: QtBot) -> None:
    preview = PaperPreview()
    window = box(col(preview))
    qtbot.addWidget(window)
    window.resize(500, 400)
    window.show()
    preview.show_pages(draw_pages(pdf(3), preview.width_px()))
    invalidate(preview)  # as where its parent was known for the length of a call: what Qt made in it is forgotten
    window.resize(500, 5000)
    qtbot.waitUntil(lambda: bool(preview.verticalScrollBar().property("still")))
    window.resize(500, 400)
    qtbot.waitUntil(lambda: preview.verticalScrollBar().property("still") is False)
