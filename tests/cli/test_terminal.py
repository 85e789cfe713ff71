"""What is typed at the terminal: a new password twice, said of in the words of the forms."""

import getpass

import pytest

from desktop.cli.terminal import new_password
from desktop.services.errors import InvalidInput
from desktop.services.security.passwords import TYPED_APART


def test_a_new_password_that_is_typed_in_two_ways_is_refused_in_the_words_of_the_forms(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    typed = iter(("春风-细雨-77", "春风-细雨-78", "春风-细雨-77", "春风-细雨-77"))
    monkeypatch.setattr(getpass, "getpass", lambda *_asked: next(typed))
    with pytest.raises(InvalidInput) as refused:
        new_password()
    assert (refused.value.label, refused.value.reason) == ("密码", TYPED_APART)
    assert new_password() == "春风-细雨-77"
