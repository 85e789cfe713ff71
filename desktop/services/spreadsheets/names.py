"""Names of people in cells."""

import re
import unicodedata
from datetime import date, time

from desktop.services.errors import Input, InvalidInput, Named
from desktop.services.quoting import INVISIBLE, quoted
from desktop.services.spreadsheets.text import APOSTROPHES, refuse_unreadable, shown

PERSON_NAME = Input("name", "姓名")
_DOTS = dict.fromkeys(map(ord, "•・‧．.･∙⋅"), "·")
_IDEOGRAPHS = (
    (0x3007, 0x3007),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2EE5F),
    (0x2F800, 0x2FA1F),
    (0x30000, 0x323AF),
)
_COMPOUND_SURNAMES = (
    "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶太叔申屠公孙慕容仲孙钟离长孙宇文"
    "司徒鲜于司空闾丘子车亓官司寇巫马公西颛孙壤驷公良漆雕乐正宰父谷梁拓跋夹谷轩辕令狐段干百里呼延东郭南门羊舌微生梁丘"
    "左丘东门西门第五"
)


def clean_name(value: object, field: Named = PERSON_NAME) -> str:
    """Return a person's name: spaces set for alignment go, separator dots become U+00B7, each character stays itself.

    Code points are kept as typed (no normalization form, which would replace rare and compatibility characters).

    Raises:
        InvalidInput: it is not certainly one name, or holds a character that no name has.
    """
    refuse_unreadable(value, field)
    if isinstance(value, int | float | date | time):
        raise InvalidInput(field, "姓名不能是数字或日期")
    text = shown(value).translate(INVISIBLE).lstrip(APOSTROPHES).strip()
    text = re.sub(r"\s*([·•・‧．.･∙⋅])\s*", r"\1", text).translate(_DOTS)
    parts = text.split()
    if len(parts) > 1:
        text = _joined(parts, field)
    if not text:
        raise InvalidInput(field, "没有姓名")
    for mark in text:
        _check_name_mark(mark, field)
    if text.startswith("·") or text.endswith("·") or "··" in text:
        raise InvalidInput(field, "间隔号“·”只能在两个字之间")
    length = sum(not _is_selector(mark) for mark in text)
    if not 2 <= length <= 30:
        raise InvalidInput(field, "姓名须为2至30个字")
    return text


def _joined(parts: list[str], field: Named) -> str:
    """Join what spaces divide when they can only be alignment: 张　三, 张 建国, 欧阳 娜娜; not 阿卜杜拉 买买提."""
    aligned = all(len(part) == 1 for part in parts)
    surname = len(parts) == 2 and (len(parts[0]) == 1 or _is_compound_surname(parts[0])) and len(parts[1]) <= 2
    if aligned or surname:
        return "".join(parts)
    raise InvalidInput(field, "姓名中间有空格，无法确定是一个姓名：少数民族姓名请用间隔号“·”，多人请分行填写")


def _is_compound_surname(text: str) -> bool:
    return len(text) == 2 and any(
        text == _COMPOUND_SURNAMES[at : at + 2] for at in range(0, len(_COMPOUND_SURNAMES), 2)
    )


def _is_selector(mark: str) -> bool:
    """Tell whether `mark` chooses the form of the ideograph before it (ideographic variation sequence)."""
    return 0xE0100 <= ord(mark) <= 0xE01EF


def _check_name_mark(mark: str, field: Named) -> None:
    code = ord(mark)
    if mark == "·" or _is_selector(mark) or any(low <= code <= high for low, high in _IDEOGRAPHS):
        return
    if mark == "\ufffd":
        raise InvalidInput(field, "含有乱码字符（�），请重新录入原字")
    if unicodedata.category(mark) == "Co":
        raise InvalidInput(field, f"含有自造字（U+{code:04X}），换一台电脑就无法显示，请改用标准字库中的字")
    if unicodedata.category(mark).startswith("N"):
        raise InvalidInput(field, f"姓名中有数字{quoted(mark)}")
    raise InvalidInput(field, f"含有不能用于姓名的字符{quoted(mark)}")
