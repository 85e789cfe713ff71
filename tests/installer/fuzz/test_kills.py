"""A fork that says what it has done until it is killed."""

import os
import signal
import sys
import time

import pytest

from installer.fuzz.acts import Say
from installer.fuzz.kills import Heard, forked

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")


def _work(say: Say) -> None:
    say("ready")
    say("第一")
    time.sleep(60)


def test_what_was_said_before_the_end_is_heard_and_words_cut_short_are_not() -> None:
    child, pipe = forked(_work)
    heard = Heard(pipe)
    assert heard.until("第一\0\n".encode(), 60)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert heard.until(None, 60)
    assert heard.words() == ["ready", "第一"]


def test_an_error_is_told() -> None:
    child, pipe = forked(lambda say: say(str(1 // 0)))
    heard = Heard(pipe)
    assert heard.until(None, 60)
    os.waitpid(child, 0)
    (word,) = heard.words()
    assert word.startswith("Traceback")
    assert "ZeroDivisionError" in word
