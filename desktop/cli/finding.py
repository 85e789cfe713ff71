"""The verb that finds."""

import argparse
import time

from desktop.cli.outcome import Outcome
from desktop.cli.terminal import open_for, progress

MOST_LINES = 50
"""Hits that are printed; the JSON object has all of them."""


def search(options: argparse.Namespace) -> Outcome:
    """Find what holds the words, as whoever logs in may see it."""
    from desktop.services.search import SearchService

    with open_for(options, login=options.log_in) as store:
        service = SearchService(store)
        service.refresh(progress("整理查找用的词"))
        began = time.perf_counter()
        found = service.find(" ".join(options.words), most=None)
        ms = (time.perf_counter() - began) * 1000
    hits = [
        {
            "kind": hit.record_kind,
            "id": hit.id,
            "title": hit.title,
            "where": "，".join(filter(None, (hit.branch, hit.detail))),
        }
        for hit in found.hits
    ]
    counted = "、".join(f"{kind.label} {count}" for kind, count in found.counts.items())
    heading = f"找到 {found.total} 条：{counted}" if found.total else f"没有找到“{found.words}”。"
    if found.near:
        heading += f"读音相近的有：{'、'.join(found.near)}"
    lines = [heading, *(f"  {hit['title']}（{hit['where']}）" for hit in hits[:MOST_LINES])]
    if found.total > MOST_LINES:
        lines.append(f"  只列出前 {MOST_LINES} 条，多写几个字可以找得更准。")
    return Outcome({"hits": hits, "ms": round(ms, 1)}, "\n".join(lines))
