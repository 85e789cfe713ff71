"""Texts made of the very marks and words that cells of meetings are read by."""

from datetime import date

from hypothesis import strategies as st

TEXTS = st.text(
    st.sampled_from(
        "应到实赞成同意反对弃权通过人票0129|｜；;、，,：: （）()【】均补课学事由年月日已未具名张三李四-.。\n\t\u200b无="
    ),
    max_size=20,
)
LINES = TEXTS.filter(lambda text: bool(text.replace("\u200b", "").strip()))
DAYS = st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1))
