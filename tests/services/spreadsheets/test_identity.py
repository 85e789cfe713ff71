"""Identity and telephone numbers: every disguise that is certain, and each refusal by its rule."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.services.errors import InvalidInput
from desktop.services.spreadsheets.codes import codes
from desktop.services.spreadsheets.identity import check_mark, masked, parse_id_number, parse_phone, remark_on_phone
from tests.services.spreadsheets.cells import excel

WIDE = str.maketrans("0123456789-./X", "０１２３４５６７８９－．／Ｘ")


@pytest.mark.parametrize(
    "cell",
    [
        "41272319730805763X",
        "41272319730805763x",
        "'41272319730805763X",
        "’41272319730805763X",
        " 412723 19730805 763X ",
        "412723-19730805-763X",
        "４１２７２３１９７３０８０５７６３Ｘ",
        "41272319730805763Х",  # Cyrillic
        "41272319730805763×",
        "\u200b41272319730805763X\ufeff",
        "4127231973080\u20285763X",
    ],
)
def test_an_id_number_in_any_disguise(cell: str) -> None:
    found = parse_id_number(cell)
    assert found.number == "41272319730805763X"
    assert (found.born_on, found.gender, found.province) == (date(1973, 8, 5), "1", "河南省")


def test_text_with_a_decimal_tail_is_the_number() -> None:
    assert parse_id_number("412723198411204639.0").number == "412723198411204639"


@pytest.mark.parametrize("number", ["11010519491231002X", "34052419800101001X"])
def test_abolished_counties_stay_valid(number: str) -> None:
    assert parse_id_number(number).number == number


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (412723198411204639, "在表格中是数值，Excel只保留15位，后几位已失真，请按证件重新录入（单元格设为文本）"),
        (4.12723198411204e17, "在表格中是数值，Excel只保留15位，后几位已失真，请按证件重新录入（单元格设为文本）"),
        ("4.12723E+17", "已被Excel写成科学计数法，后几位已丢失，请按证件重新录入（单元格设为文本）"),
        ("412723841320463", "第7至14位不是真实的出生日期"),
        ("412723198411204638", "校验码不符（GB 11643），请按证件核对"),
        ("41272319841120463", "身份证号应为18位，现为17位"),
        ("412723198411204X39", "身份证号只能是17位数字加1位数字或X"),
        ("002723198411204639", "前两位00不是省级行政区划代码"),
        ("412723198413204639", "第7至14位不是真实的出生日期"),
        ("412723198402304639", "第7至14位不是真实的出生日期"),
        ("412723189911204639", "第7至14位的出生日期须在1900年之后、今天之前"),
        (excel(2026, 1, 1), "不是身份证号"),
    ],
)
def test_refused_id_numbers(cell: object, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_id_number(cell, today=date(2026, 11, 22))
    assert refused.value.reason == reason


@pytest.mark.parametrize("cell", ["412723841120463", 412723841120463, "412723 841120 463"])
def test_a_number_of_fifteen_digits_is_lengthened_by_rule_and_says_so(cell: object) -> None:
    found = parse_id_number(cell)
    assert (found.number, found.born_on, found.from_old) == ("412723198411204639", date(1984, 11, 20), True)
    assert not parse_id_number("412723198411204639").from_old


def test_a_birth_in_the_future_is_refused() -> None:
    seventeen = "41272320270101001"
    with pytest.raises(InvalidInput, match="今天之前"):
        parse_id_number(seventeen + check_mark(seventeen), today=date(2026, 11, 22))


def test_trailing_zeros_are_pointed_out() -> None:
    seventeen = next(f"4127231984112{n:02}00" for n in range(100) if check_mark(f"4127231984112{n:02}00") == "0")
    assert parse_id_number(seventeen + "0").doubtful


ID_NUMBERS = st.builds(
    lambda province, county, born, serial: (
        (seventeen := f"{province}{county:04}{born:%Y%m%d}{serial:03}") + check_mark(seventeen)
    ),
    st.sampled_from(sorted(codes("province").names)),
    st.integers(0, 9999),
    st.dates(date(1950, 1, 1), date(2099, 12, 31)),
    st.integers(0, 999),
)


@given(ID_NUMBERS)
def test_every_valid_number_is_taken_and_says_birth_and_gender(number: str) -> None:
    found = parse_id_number(f" '{number.lower()[:6]} {number.lower()[6:]}".translate(WIDE))
    assert found.number == number
    assert f"{found.born_on:%Y%m%d}" == number[6:14]
    assert found.gender == ("1" if int(number[16]) % 2 else "2")


@given(ID_NUMBERS, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(number: str, spot: int, by: int) -> None:
    wrong = number[:spot] + str((int(number[spot]) + by) % 10) + number[spot + 1 :]
    with pytest.raises(InvalidInput):
        parse_id_number(wrong)


def test_a_number_is_masked_for_the_screen() -> None:
    assert masked("41272319730805763X") == "4127************3X"


@pytest.mark.parametrize(
    ("cell", "phone"),
    [
        ("13759233275", "13759233275"),
        (13759233275, "13759233275"),
        (13759233275.0, "13759233275"),
        ("137 5923 3275", "13759233275"),
        ("137-5923-3275", "13759233275"),
        ("１３７５９２３３２７５", "13759233275"),
        ("+86 13759233275", "13759233275"),
        ("0394-1234567", "0394-1234567"),
        ("03941234567", "0394-1234567"),
        ("(0394)1234567", "0394-1234567"),
        ("010-12345678", "010-12345678"),
        ("0394-8221234转8012", "0394-8221234-8012"),
        ("（0394）8221234 分机12", "0394-8221234-12"),
    ],
)
def test_phone_numbers(cell: object, phone: str) -> None:
    assert parse_phone(cell) == phone
    assert remark_on_phone(cell) == ""


@pytest.mark.parametrize(
    ("cell", "phone", "remark"),
    [
        ("13800000001/13900000001", "13800000001", "只登记了13800000001，没有登记的：13900000001"),
        ("0394-8221234，13900000001", "13900000001", "只登记了13900000001，没有登记的：0394-8221234"),
        ("13800000001\n短号66123", "13800000001", "只登记了13800000001，没有登记的：短号66123"),
        ("13800000001 0394-8221234", "13800000001", "只登记了13800000001，没有登记的：0394-8221234"),
        ("8221234", "8221234", "没有区号"),
    ],
)
def test_of_several_numbers_the_others_are_told(cell: str, phone: str, remark: str) -> None:
    assert (parse_phone(cell), remark_on_phone(cell)) == (phone, remark)


@pytest.mark.parametrize("cell", ["12345", "23759233275", "短号66123", "无号码"])
def test_refused_phone_numbers(cell: str) -> None:
    with pytest.raises(InvalidInput):
        parse_phone(cell)
