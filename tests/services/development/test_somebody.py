"""One person, one case that goes on: known by file, by ID number, or by a name nothing else tells apart."""

from datetime import date

import pytest

from desktop.services.development.service import DevelopmentService
from desktop.services.errors import InvalidInput

NUMBER = "412723199104030434"
DING = {"name": "丁思琪", "applied_on": "2026-03-11"}


def test_an_id_number_says_birth_and_gender_where_nothing_else_does(service: DevelopmentService) -> None:
    row = service.case(service.begin({**DING, "id_no": NUMBER}))
    assert (row.born_on, row.gender) == (date(1991, 4, 3), "男")
    told = service.case(service.begin({"name": "郭文涛", "born_on": "1998-05-10", "applied_on": "2026-03-11"}))
    service.change(told.id, {"id_no": "412723198411204639"})
    assert (service.case(told.id).born_on, service.case(told.id).gender) == (date(1998, 5, 10), "男")


@pytest.mark.parametrize(
    ("first", "second", "field"),
    [
        ({}, {}, "name"),
        ({"born_on": "1998-05-10"}, {}, "name"),
        ({}, {"born_on": "1998-05-10"}, "name"),
        ({"id_no": NUMBER}, {"name": "丁思棋", "id_no": NUMBER}, "id_no"),
        ({"id_no": NUMBER}, {"born_on": "1991-04-03"}, "name"),
        ({"born_on": "1998-05-10"}, {"born_on": "1999-05-10"}, ""),
        ({}, {"name": "郭文涛"}, ""),
    ],
)
def test_nobody_is_entered_again_while_the_case_goes_on(
    service: DevelopmentService, first: dict[str, str], second: dict[str, str], field: str
) -> None:
    service.begin({**DING, **first})
    if not field:
        service.begin({**DING, **second})
        assert len(service.cases()) == len(service.people()) == 2
        return
    with pytest.raises(InvalidInput) as refused:
        service.begin({**DING, **second})
    assert (refused.value.name, len(service.cases()), len(service.people())) == (field, 1, 1)


def test_the_number_of_another_case_is_not_taken_over(service: DevelopmentService) -> None:
    service.begin({**DING, "id_no": NUMBER})
    other = service.begin({"name": "郭文涛", "applied_on": "2026-03-11"})
    with pytest.raises(InvalidInput, match="丁思琪”已经在培养"):
        service.change(other, {"id_no": NUMBER})


def test_nobody_applies_before_birth(service: DevelopmentService) -> None:
    with pytest.raises(InvalidInput, match="不晚于出生日期2026-03-12") as refused:
        service.begin({**DING, "born_on": "2026-03-12"})
    assert (refused.value.name, service.people()) == ("applied_on", [])
