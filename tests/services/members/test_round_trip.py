"""Whatever a roster holds comes back from Excel as it was: generated members, written, read, nothing to change."""

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.services.branches import BranchService
from desktop.services.errors import Conflict, InvalidInput
from desktop.services.members import MemberService, RosterBook
from desktop.services.spreadsheets.codes import codes
from desktop.services.spreadsheets.identity import check_mark
from tests.sheets import content
from tests.stores import new_store

NAMES = st.builds(
    lambda marks, tail: "".join(marks) + tail,
    st.lists(
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
        | st.characters(min_codepoint=0x20000, max_codepoint=0x2A6DF)
        | st.characters(min_codepoint=0xF900, max_codepoint=0xFA0D),
        min_size=2,
        max_size=4,
    ),
    st.sampled_from(["", "·买买提"]),
)
TEXTS = st.text(
    st.sampled_from("=+-@'\"\t\n|；;、，：:（）()无/ \u3000\xa0一二三甲乙丙AZ09%&<>#") | st.characters(codec="utf-8"),
    max_size=30,
)
BIRTHS = st.dates(date(1950, 1, 1), date(1999, 12, 31))
MEMBERS = st.lists(
    st.fixed_dictionaries(
        {
            "name": NAMES,
            "born_on": BIRTHS,
            "serial": st.integers(0, 999),
            "admitted": st.dates(date(2018, 1, 1), date(2020, 1, 1)),
        },
        optional={
            "note": TEXTS,
            "unit": TEXTS,
            "job_title": TEXTS,
            "native_place": TEXTS,
            "ethnic": st.sampled_from(sorted(codes("ethnic").names)),
            "education": st.sampled_from(sorted(codes("education").names)),
            "dues_base_fen": st.integers(0, 9_999_999),
            "precision": st.sampled_from(["%Y-%m-%d", "%Y年%m月", "%Y年"]),
            "confirmed": st.booleans(),
            "numbered": st.booleans(),
            "dues_class": st.sampled_from(["working", "retired", "farmer", "student"]),
        },
    ),
    min_size=1,
    max_size=12,
)


def typed(person: dict[str, Any]) -> dict[str, Any]:
    """Return a generated member as a form gives it."""
    seventeen = f"412723{person['born_on']:%Y%m%d}{person['serial']:03}"
    precision = person.get("precision", "%Y-%m-%d")
    values: dict[str, Any] = {
        name: person[name]
        for name in (
            "name",
            "note",
            "unit",
            "job_title",
            "native_place",
            "ethnic",
            "education",
            "dues_base_fen",
            "dues_class",
        )
        if name in person
    }
    values["admitted_on"] = person["admitted"].strftime(precision)
    if person.get("confirmed", True):
        values["full_on"] = person["admitted"].replace(year=person["admitted"].year + 1, day=1).strftime(precision)
    if person.get("numbered", True):
        values["id_no"] = seventeen + check_mark(seventeen)
    else:
        values["born_on"] = person["born_on"]
    return values


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(MEMBERS)
def test_an_exported_roster_changes_nothing(people: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder, new_store(Path(folder) / "store") as store:
        members = MemberService(store)
        group = BranchService(store).save_group("第一党小组")
        kept = []
        for person in people:
            try:
                kept.append(members.register(typed(person)))
            except (InvalidInput, Conflict):
                continue  # a text with a broken character, or the same number twice
        if len({row.name for row in members.roster()}) < len(kept):
            return  # namesakes without numbers cannot be told apart by a list
        members.place_in_group(kept[::2], group)
        before = content(store)
        book, path = RosterBook(store), Path(folder) / "roster.xlsx"
        assert book.export(path) == len(kept)
        if kept:
            result = book.import_file(path)
            assert (result.rejected, result.changes) == ([], [])
            assert result.unchanged == len(kept)
        assert content(store) == before
