"""What a package says, as one sum."""

from desktop.services.sync.digest import digest

ROW = ("members", {"id": "1", "name": "王芳"})


def test_the_sum_is_that_of_what_is_said_and_of_nothing_else() -> None:
    said = digest("feedback", {"receipt": {"last_seq": 3}}, ["ab"], [ROW])
    assert said == digest("feedback", {"receipt": {"last_seq": 3}}, ["ab"], iter([("members", dict(ROW[1]))]))
    assert len({
        said,
        digest("handover", {"receipt": {"last_seq": 3}}, ["ab"], [ROW]),
        digest("feedback", {"receipt": {"last_seq": 4}}, ["ab"], [ROW]),
        digest("feedback", {"receipt": {"last_seq": 3}}, [], [ROW]),
        digest("feedback", {"receipt": {"last_seq": 3}}, ["ab"], [("members", {"id": "1", "name": "王方"})]),
        digest("feedback", {"receipt": {"last_seq": 3}}, ["ab"], []),
    }) == 6  # fmt: skip
