"""What a refusal says of the value it is about."""

import typing

from desktop.messages import present
from desktop.services.errors import Input, InvalidInput, Named


def test_a_refusal_is_found_by_its_name_and_told_by_its_label() -> None:
    error = InvalidInput(Input("held_on", "日期"), "还没有到这一天")
    assert (error.name, error.label, error.reason) == ("held_on", "日期", "还没有到这一天")
    assert str(present(error)).startswith("“日期”还没有到这一天。")


def test_a_refusal_is_about_something_declared_and_never_about_a_mere_text() -> None:
    assert typing.get_type_hints(InvalidInput.__init__)["field"] is Named
