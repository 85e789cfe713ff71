"""A proof says how it ended, and its exit status says the same."""

import pytest

from installer.bundles.verdict import expect, verdict
from installer.waiting import until


def test_steps_that_hold_are_a_proof(capfd: pytest.CaptureFixture[str]) -> None:
    assert verdict(lambda: expect(True, "it does not hold")) == 0
    assert capfd.readouterr().err == "proved\n"


@pytest.mark.parametrize(
    "step",
    [lambda: expect(False, "no archive"), lambda: until(lambda: False, 0, "no archive", pause=0)],
    ids=["expected", "awaited"],
)
def test_the_first_that_does_not_hold_is_named(step: object, capfd: pytest.CaptureFixture[str]) -> None:
    assert callable(step)
    assert verdict(step) == 1
    assert capfd.readouterr().err == "NOT proved: no archive\n"
