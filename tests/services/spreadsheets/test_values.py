"""What one cell means: every spelling that is certain, and each refusal by its rule."""

import contextlib
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.services.errors import InvalidInput
from desktop.services.spreadsheets.values import (
    Number1904,
    PartialDate,
    Precision,
    Unreadable,
    check_mark,
    clean_name,
    code_name,
    codes,
    is_blank,
    masked,
    one_of,
    parse_date,
    parse_decimal,
    parse_id_number,
    parse_integer,
    parse_label,
    parse_money,
    parse_partial_date,
    parse_phone,
    parse_ratio,
    parse_text,
    parse_time,
    parse_time_range,
    parse_yes_no,
    shown,
)


def excel(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """Return a date cell as the Excel library gives it: without a zone."""
    return datetime.combine(date(year, month, day), time(hour, minute))


FIFTH_OF_MARCH = date(2026, 3, 5)
DATES = st.dates(date(1950, 1, 1), date(2099, 12, 31))
WIDE = str.maketrans("0123456789-./X", "０１２３４５６７８９－．／Ｘ")


@pytest.mark.parametrize(
    "cell",
    [
        excel(2026, 3, 5),
        excel(2026, 3, 5, 15, 0),
        FIFTH_OF_MARCH,
        46086,
        46086.625,
        Number1904(46086 - 1462),
        "2026-3-5",
        "2026-03-05",
        "2026.3.5",
        "2026.03.05",
        "2026/3/5",
        "2026年3月5日",
        "2026 年 3 月 5 日",
        "2026年03月05号",
        20260305,
        20260305.0,
        "20260305",
        "20260305.0",
        "２０２６年３月５日",
        "２０２６－０３－０５",
        "2026—3—5",
        "  2026-03-05\u3000",
        "\u200b2026-03-05\xa0",
        "2026-03-05 09:00:00",
        "2026-03-05T09:00",
        "20260305 9:00",
        "2026年3月5日（星期四）下午3点",
        "2026年3月5日9时30分",
        "二〇二六年三月五日",
        "'2026-03-05",
    ],
)
def test_every_spelling_of_a_day(cell: object) -> None:
    assert parse_date(cell) == FIFTH_OF_MARCH


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("26-3-5", "年份须写四位数字"),
        ("98.07.01", "年份须写四位数字"),
        ("3/5/2026", "日、月顺序不确定，请写成年-月-日"),
        ("13/5/2026", "日、月顺序不确定，请写成年-月-日"),
        ("3月5日", "没有年份"),
        ("2026-2-30", "没有这一天"),
        ("2026-13-1", "没有这一天"),
        (20260230, "没有这一天"),
        ("1998.07", "只有年月，缺日"),
        ("2026年", "只有年份，缺月和日"),
        (1998.1, "无法确定是1月还是10月，请写成年月日"),
        (200106, "六位数字可能是年月，也可能是两位年份的年月日，请写成年-月-日"),
        (19876, "可能是1987年6月，也可能是Excel日期序号（1954-06-01），请写成年-月-日"),
        ("46086", "像是Excel日期序号，请把单元格改为日期格式"),
        ("2026-3-5至2026-3-7", "写了不止一个日期"),
        ("2026.3-5", "不是日期"),
        ("待定", "不是日期"),
        (-5, "不是日期"),
        (True, "不是日期"),
        (time(9), "不是日期"),
        ("1899-12-31", "日期须在1900年至2099年之间"),
        (excel(1899, 12, 30), "日期须在1900年至2099年之间"),
        (Unreadable("#N/A", "单元格是Excel错误值#N/A"), "单元格是Excel错误值#N/A"),
    ],
)
def test_what_is_not_certainly_a_day_is_refused(cell: object, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_date(cell, "入党时间")
    assert (refused.value.field, refused.value.reason) == ("入党时间", reason)


def test_a_future_day_is_refused_where_it_cannot_be() -> None:
    assert parse_date("2026-11-22", latest=date(2026, 11, 22)) == date(2026, 11, 22)
    with pytest.raises(InvalidInput, match="日期在今天之后"):
        parse_date("2026-11-23", latest=date(2026, 11, 22))


@pytest.mark.parametrize(
    ("cell", "on", "precision"),
    [
        ("1998.07", date(1998, 7, 1), Precision.MONTH),
        (1998.07, date(1998, 7, 1), Precision.MONTH),
        (1998.11, date(1998, 11, 1), Precision.MONTH),
        ("1998年7月", date(1998, 7, 1), Precision.MONTH),
        ("1998年7月份", date(1998, 7, 1), Precision.MONTH),
        ("199807", date(1998, 7, 1), Precision.MONTH),
        (199807, date(1998, 7, 1), Precision.MONTH),
        ("一九九八年七月", date(1998, 7, 1), Precision.MONTH),
        ("1998年", date(1998, 1, 1), Precision.YEAR),
        (1998, date(1998, 1, 1), Precision.YEAR),
        ("1998-7-1", date(1998, 7, 1), Precision.DAY),
    ],
)
def test_old_files_know_only_the_month_or_the_year(cell: object, on: date, precision: Precision) -> None:
    assert parse_partial_date(cell) == PartialDate(on, precision)


@given(DATES)
def test_dates_survive_every_spelling(day: date) -> None:
    year, month, dom = day.year, day.month, day.day
    spellings = [
        day.isoformat(),
        f"{year}-{month}-{dom}",
        f"{year}.{month}.{dom}",
        f"{year}/{month:02}/{dom:02}",
        f"{year}年{month}月{dom}日",
        f"{day:%Y%m%d}",
        int(f"{day:%Y%m%d}"),
        float(f"{day:%Y%m%d}"),
        day.isoformat().translate(WIDE),
        f"\u3000{day.isoformat()} 08:30 ",
        datetime.combine(day, time(8, 30)),
    ]
    assert {parse_date(one) for one in spellings} == {day}


@given(st.integers(10_000, 73_050))
def test_a_serial_number_is_its_day_or_refused_as_ambiguous(serial: int) -> None:
    day = date(1899, 12, 30) + timedelta(days=serial)
    if 1900 <= int(str(serial)[:4]) <= 2099 and serial % 10:
        with pytest.raises(InvalidInput, match="也可能是Excel日期序号"):
            parse_date(serial)
    else:
        assert parse_date(serial) == day


@given(st.text(max_size=20) | st.integers() | st.floats(allow_nan=False, allow_infinity=False))
def test_no_cell_breaks_a_parser(cell: object) -> None:
    parsers: tuple[Callable[[object], object], ...] = (
        parse_date,
        parse_partial_date,
        parse_time_range,
        parse_id_number,
        clean_name,
        parse_phone,
        parse_money,
    )
    for parser in parsers:
        with contextlib.suppress(InvalidInput):
            parser(cell)


# ---- identity numbers ----


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
        ("412723841120463", "是15位旧号码，已停用，请按现行证件填写18位号码"),
        (412723841120463, "是15位旧号码，已停用，请按现行证件填写18位号码"),
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
    DATES,
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


# ---- names ----


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("张　三", "张三"),
        ("张 三", "张三"),
        (" 张三\xa0", "张三"),
        ("张 建国", "张建国"),
        ("欧阳 娜娜", "欧阳娜娜"),
        ("张　三　丰", "张三丰"),
        ("\u200b王\u200d五\ufeff", "王五"),
        ("阿卜杜拉·买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉・买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉‧买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉．买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉.买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉 · 买买提", "阿卜杜拉·买买提"),
        ("𠮷野", "𠮷野"),
        ("王𬭚", "王𬭚"),
        ("刘𰻝", "刘𰻝"),
        ("李郎", "李郎"),  # a compatibility ideograph stays itself
        ("葛\U000e0100城", "葛\U000e0100城"),  # chosen form of an ideograph
        ("〇一", "〇一"),
    ],
)
def test_names_are_cleaned_and_never_damaged(cell: str, name: str) -> None:
    assert clean_name(cell) == name
    assert clean_name(name) == name


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("阿卜杜拉 买买提", "姓名中间有空格，无法确定是一个姓名：少数民族姓名请用间隔号“·”，多人请分行填写"),
        ("张三 李四", "姓名中间有空格，无法确定是一个姓名：少数民族姓名请用间隔号“·”，多人请分行填写"),
        ("张3", "姓名中有数字“3”"),
        ("张\ue000", "含有自造字（U+E000），换一台电脑就无法显示，请改用标准字库中的字"),
        ("张\ufffd", "含有乱码字符（�），请重新录入原字"),
        ("张😀", "含有不能用于姓名的字符“😀”"),
        ("张三（预备）", "含有不能用于姓名的字符“（”"),
        ("Zhang", "含有不能用于姓名的字符“Z”"),
        ("张", "姓名须为2至30个字"),
        ("张" * 31, "姓名须为2至30个字"),
        ("·张三", "间隔号“·”只能在两个字之间"),
        ("张··三", "间隔号“·”只能在两个字之间"),
        ("　", "没有姓名"),
        (5, "姓名不能是数字或日期"),
    ],
)
def test_refused_names(cell: object, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        clean_name(cell)
    assert refused.value.reason == reason


IDEOGRAPHS = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF) | st.characters(
    min_codepoint=0x20000, max_codepoint=0x2A6DF
)


@given(st.lists(IDEOGRAPHS, min_size=2, max_size=4), st.sampled_from([" ", "\u3000", "\xa0", "  ", "\u2003"]))
def test_spaces_between_single_characters_go_and_the_characters_stay(marks: list[str], space: str) -> None:
    assert clean_name(space.join(marks)) == "".join(marks)


# ---- the rest ----


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
    ],
)
def test_phone_numbers(cell: object, phone: str) -> None:
    assert parse_phone(cell) == phone


@pytest.mark.parametrize("cell", ["12345", "23759233275", "13759233275/13859233275", "无号码"])
def test_refused_phone_numbers(cell: str) -> None:
    with pytest.raises(InvalidInput):
        parse_phone(cell)


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        (4150.5, 415050),
        (10450, 1045000),
        ("3,000.00", 300000),
        ("￥3000元", 300000),
        ("２８６０", 286000),
        (0.1 + 0.2, 30),
    ],
)
def test_money_is_exact(cell: object, fen: int) -> None:
    assert parse_money(cell) == fen


@pytest.mark.parametrize("cell", [-1, "3000.005", "三千", "1,00", 1e9, True])
def test_refused_amounts(cell: object) -> None:
    with pytest.raises(InvalidInput):
        parse_money(cell)


@given(st.integers(0, 99_999_999))
def test_money_survives_floats_and_text(fen: int) -> None:
    assert parse_money(fen / 100) == parse_money(f"{fen / 100:,.2f}") == parse_money(f"{fen / 100:.2f}元") == fen


def test_whole_numbers() -> None:
    assert [parse_integer(one) for one in (5, 5.0, "５", "5人", "5.0")] == [5, 5, 5, 5, 5]
    for cell, reason in [(5.5, "须为整数"), (-1, "须在0至1000000之间"), ("五", "不是数字")]:
        with pytest.raises(InvalidInput, match=reason):
            parse_integer(cell)


def test_decimals_and_shares() -> None:
    assert parse_decimal("12.50") == Decimal("12.5")
    assert [parse_ratio(one) for one in (0.85, "85%", "17/20", 1)] == [Decimal("0.85")] * 3 + [Decimal(1)]
    with pytest.raises(InvalidInput, match="比例须在0至1之间"):
        parse_ratio(85)


@pytest.mark.parametrize(
    ("cell", "start", "end"),
    [
        ("09:00", time(9), None),
        ("9：00", time(9), None),
        ("下午2点半", time(14, 30), None),
        ("3:05 PM", time(15, 5), None),
        ("14:30—16:05", time(14, 30), time(16, 5)),
        ("上午9:00至11:00", time(9), time(11)),
        (time(9, 0, 30), time(9), None),
        (0.375, time(9), None),
        (excel(1900, 1, 1, 16, 30), time(16, 30), None),
        (timedelta(hours=9), time(9), None),
    ],
)
def test_times(cell: object, start: time, end: time | None) -> None:
    assert parse_time_range(cell) == (start, end)


def test_refused_times() -> None:
    for cell in ("25:00", "九点", "9", "16:00-15:00"):
        with pytest.raises(InvalidInput):
            parse_time_range(cell)
    with pytest.raises(InvalidInput, match="只要一个时间"):
        parse_time("9:00-10:00")


@pytest.mark.parametrize(
    ("table", "cell", "code"),
    [
        ("ethnic", "汉", "01"),
        ("ethnic", "汉族", "01"),
        ("ethnic", 1, "01"),
        ("ethnic", "01", "01"),
        ("ethnic", "毛难族", "36"),
        ("gender", "男", "1"),
        ("gender", "女性", "2"),
        ("education", "本科", "21"),
        ("education", "大学本科", "21"),
        ("education", "大专", "31"),
        ("education", "大学专科", "31"),
        ("education", "研究生", "10"),
        ("education", "硕士研究生毕业", "14"),
        ("education", "高中", "61"),
        ("political", "预备党员", "02"),
    ],
)
def test_codes_and_their_sayings(table: str, cell: object, code: str) -> None:
    assert codes(table).parse(cell) == code


def test_every_entry_of_a_table_reads_back() -> None:
    for table in ("ethnic", "gender", "education", "political", "education_ui"):
        name = code_name(table)
        for code in codes(table).names:
            assert codes("education" if table == "education_ui" else table).parse(str(name(code))) in (code, "21", "31")


def test_a_word_outside_its_table_is_refused() -> None:
    with pytest.raises(InvalidInput, match="“火星族”不在民族代码表中"):
        codes("ethnic").parse("火星族")
    with pytest.raises(InvalidInput, match="不在可选项中：甲、乙"):
        one_of({"甲": "a", "乙": "b"})("丙", "等次")
    assert one_of({"甲": "a"})(" 甲 ", "等次") == "a"


def test_yes_and_no() -> None:
    assert [parse_yes_no(one, "在岗") for one in ("是", "√", True, 1, "Y")] == [True] * 5
    assert [parse_yes_no(one, "在岗") for one in ("否", "×", False, 0, "无")] == [False] * 5
    with pytest.raises(InvalidInput):
        parse_yes_no("也许", "在岗")


def test_text_keeps_its_own_characters() -> None:
    assert parse_text("  第一行_x000D_\n第二行　\x07", "议题") == "第一行\n第二行"
    assert parse_label(" 三楼\n会议室 ", "地点") == "三楼 会议室"
    with pytest.raises(InvalidInput, match="超过3个字"):
        parse_text("一二三四", "议题", longest=3)
    with pytest.raises(InvalidInput, match="乱码"):
        parse_text("一\ufffd", "议题")


def test_blank_words_and_shown_values() -> None:
    assert all(is_blank(one) for one in (None, "", " 　", "无", "/", "—", "N/A"))
    assert not any(is_blank(one) for one in (0, False, "0", "无锡"))
    assert [shown(one) for one in (3.0, 4150.5, None, True, excel(2026, 3, 5), time(9))] == [
        "3",
        "4150.5",
        "",
        "是",
        "2026-03-05",
        "09:00",
    ]
