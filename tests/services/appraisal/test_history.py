"""The history of a round: its own changes and those of every line, with whose line it is, and no ids."""

from pathlib import Path

from desktop.services.appraisal.history import AppraisalHistory
from tests.services.appraisal.rounds import HELD, NAMES, YEAR, branch, held, ids, round_of


def test_a_line_in_the_history_says_whose_it_is(tmp_path: Path) -> None:
    with branch(tmp_path / "store") as store:
        service, who = held(store), ids(store)
        service.note_many(YEAR, {who[name]: {"review_on": HELD} for name in NAMES[:2]})
        found = AppraisalHistory(store).of(round_of(store))
        said = [change.sentence for change in found]
        assert {f"记{YEAR}年度民主评议2人：{name}" for name in NAMES[:2]} <= set(said)
        words = "".join(field.before + field.after for change in found for field in change.fields)
        assert not any(member_id in words for member_id in who.values())
