"""What an item of the standard rests on, in words."""

from tests.services.standards.samples import branch, scored


def test_every_item_says_how_it_is_computed_and_what_it_rests_on() -> None:
    for item in scored(branch()).items:
        assert item.how.endswith("。")
        assert item.clauses
        assert "_" not in item.how
    clause = scored(branch()).item("D4-05").clauses
    assert [c.text for c in clause] == [
        "《中国共产党支部工作条例（试行）》第16条（条号待核）",
        "《中国共产党党员教育管理工作条例》第16条",
    ]
