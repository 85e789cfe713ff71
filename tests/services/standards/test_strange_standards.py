"""Standards as a slip of the hand, or a stranger, leaves them: taken, or refused in words."""

from hypothesis import given
from hypothesis import strategies as st

from desktop.paths import resource
from desktop.services.errors import PackInvalid
from desktop.services.standards.editions import check_standard
from tests.tally import few, refused, tally

TEXTS = tuple(
    resource(f"standards/{name}.toml").read_text("utf-8") for name in ("branch_standard", "party_rules", "horse_race")
)
SLIPS = st.sampled_from(
    ["", "-1", "0", "99999999", '"', "[", "]", "{", "'''", "=", ".", "true", "2026-02-30", "\0", "长"]
)


@few(15)
@given(text=st.sampled_from(TEXTS), slips=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), SLIPS), max_size=3))
def test_a_standard_with_slips_is_taken_or_refused_in_words(text: str, slips: list[tuple[float, int, str]]) -> None:
    for where, length, words in slips:
        at = int(where * len(text))
        text = text[:at] + words + text[at + length :]
    try:
        check_standard(text, "试.toml")
    except PackInvalid as error:
        refused("standards", error, "E-PACK")
    else:
        tally("standards", "taken")
