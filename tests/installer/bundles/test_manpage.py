"""The manual page says what the command line says."""

import shutil
import subprocess

import pytest

from desktop.cli.parser import make_parser
from installer.bundles.manpage import manual_page, verbs


def test_every_verb_has_its_section_with_its_own_words() -> None:
    page = manual_page()
    for name, verb in verbs(make_parser()).items():
        assert f".SS {name.replace('-', chr(92) + '-')}\n" in page
        assert (verb.description or "").splitlines()[0][:8] in page


def test_no_line_begins_like_an_order_by_chance() -> None:
    orders = (".TH", ".SH", ".SS", ".B", ".br", ".nf", ".fi", ".TP", ".I")
    lines = [line for line in manual_page().splitlines() if line.startswith((".", "'"))]
    assert all(line.split()[0] in orders for line in lines)


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff, which sets manual pages, is not installed")
def test_groff_sets_it_without_a_word_of_complaint() -> None:
    command = ["groff", "-man", "-Tutf8", "-Kutf8", "-ww", "-b"]
    done = subprocess.run(command, input=manual_page().encode("utf-8"), capture_output=True, check=False)
    assert done.returncode == 0
    assert "支部工作台" in done.stdout.decode("utf-8")
