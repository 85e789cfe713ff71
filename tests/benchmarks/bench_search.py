"""Searching a hundred thousand records of ten years, beside asking the bare full-text index for the same words."""

import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import insert, text

from desktop.models.base import new_id
from desktop.models.duties import Talk
from desktop.models.members import Member
from desktop.models.volunteering import PracticalDeed
from desktop.services.search import SearchService
from desktop.services.search.index import INDEX
from desktop.services.search.words import phrase
from tests.stores import new_store

RECORDS, PEOPLE = 100_000, 500
AIM = 2.0
SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周徐孙马朱胡", "秀英伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂"
SUBJECTS = ("走访零售户", "修好送货车", "慰问困难党员", "帮办证件", "维修灌溉渠", "讲解新政策", "清点图书", "烟区防汛")
WORDS = ("党", "王", "走访", "困难党员", "灌溉渠", "三组", "wxy", "zgw", "2021-05-05", "走访 王", "防汛", "没有的词")


def filled(folder: Path) -> tuple[float, SearchService, list[str]]:
    """Fill a store, index it, and return the seconds that took, the service and all titles."""
    draw = Random(1)
    store = new_store(folder)
    people = ["".join((draw.choice(SURNAMES), draw.choice(GIVEN), draw.choice(GIVEN))) for _ in range(PEOPLE)]
    titles = [f"{draw.choice(people)}{draw.choice(SUBJECTS)}，第{draw.randint(1, 9999)}次" for _ in range(RECORDS)]
    base = {"branch_id": store.branch_id, "rev": 1}
    with store.sessions.begin() as session:
        members = [
            {**base, "id": new_id(), "name": name, "category": "full_member", "status": "full_member"}
            for name in people
        ]
        session.execute(insert(Member), members)
        rows = [
            {
                **base,
                "id": new_id(),
                "title": title,
                "note": f"第{'一二三四'[number % 4]}组，{people[number % PEOPLE]}记录",
            }
            for number, title in enumerate(titles)
        ]
        half = len(rows) // 2
        session.execute(insert(PracticalDeed), [{**row, "state": "collected"} for row in rows[:half]])
        first = date(2016, 1, 1)
        talks = [
            {
                **row,
                "event_on": first + timedelta(days=number % 3650),
                "kind": "heart_talk",
                "talkee_id": members[0]["id"],
            }
            for number, row in enumerate(rows[half:])
        ]
        session.execute(insert(Talk), talks)
    service = SearchService(store)
    began = time.perf_counter()
    service.refresh()
    return time.perf_counter() - began, service, titles


def percentile(times: list[float]) -> float:
    return sorted(times)[round(len(times) * 0.95) - 1] * 1000


@pytest.mark.benchmark
def test_a_search_takes_about_as_long_as_the_bare_index(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    built, service, titles = filled(tmp_path / "data")
    store = service._store
    ours, bare = [], []
    for _round in range(5):
        for words in WORDS:
            began = time.perf_counter()
            service.find(words)
            ours.append(time.perf_counter() - began)
            expression = phrase(words) or '"zz"'
            began = time.perf_counter()
            with store.reading() as session:
                session.execute(
                    text(f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH :words"), {"words": expression}
                ).all()
            bare.append(time.perf_counter() - began)
    for words in ("走访", "渠", "王秀"):
        wanted = sum(words in title for title in titles)
        assert service.find(words).total >= wanted
    ratio = percentile(ours) / percentile(bare)
    figure = (
        f"search in {RECORDS} records",
        f"{percentile(ours):.1f} ms (p95)",
        f"{percentile(bare):.1f} ms",
        f"{ratio:.2f}",
        f"<= {AIM}",
    )
    record_property("figure", figure)
    record_property("figure", ("index of them", f"{built:.1f} s", "", "", ""))
    store.close()
    assert ratio <= AIM
