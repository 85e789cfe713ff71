"""PDFs are read by one thread at a time, and a broken one is told from a sound one."""

import io
import threading

import pikepdf

from desktop.services.pdfium import open_pdf


def pdf(pages: int = 1) -> bytes:
    buffer = io.BytesIO()
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page()
        document.save(buffer)
    return buffer.getvalue()


def test_a_sound_file_opens_and_a_broken_one_is_none() -> None:
    with open_pdf(pdf(2)) as document:
        assert document is not None
        assert len(document) == 2
    with open_pdf(pdf()[:100]) as document:
        assert document is None


def test_a_second_thread_waits_until_the_first_has_closed_its_file() -> None:
    seen: list[str] = []

    def read() -> None:
        with open_pdf(pdf()):
            seen.append("second")

    with open_pdf(pdf()):
        other = threading.Thread(target=read)
        other.start()
        other.join(0.2)
        seen.append("first")
    other.join()
    assert seen == ["first", "second"]
