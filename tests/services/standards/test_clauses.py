"""What an item of the standard rests on, in words."""

import re

from desktop.paths import resource
from desktop.services.standards.pack_reader import parse_pack
from tests.services.standards.samples import branch, scored

TEXT = resource("standards/branch_standard.toml").read_text("utf-8")
_COMMENT = re.compile(r"#.*")


def test_every_item_says_how_it_is_computed_and_what_it_rests_on() -> None:
    for item in scored(branch()).items:
        assert item.how.endswith("。")
        assert item.clauses
        assert "_" not in item.how
    clause = scored(branch()).item("D4-05").clauses
    assert [c.text for c in clause] == [
        "《中国共产党支部工作条例（试行）》",
        "《中国共产党党员教育管理工作条例》第16条",
    ]


def test_an_edition_kept_from_the_first_program_speaks_no_slang_on_paper() -> None:
    former = TEXT.replace('name = "本单位党建工作要求"', 'name = "种子文章提出的做法，无法规条款"')
    assert former != TEXT
    names = {basis.id: basis.name for basis in parse_pack(former, "branch_standard.toml").bases}
    assert names["文章"] == "本单位党建工作要求"


def test_no_standards_file_and_no_source_says_to_users_what_only_we_understand() -> None:
    slang = re.compile("种子文章|条号待核|凭记忆|待核(?![实对])")  # 待核实, 待核对: states of a claim
    files = [*resource("standards").glob("*.toml"), *resource("manual").rglob("*.md")]
    said = [f"{path.name}: {line}" for path in files for line in path.read_text("utf-8").splitlines()
            if slang.search(_COMMENT.sub("", line))]  # fmt: skip
    assert said == []
