"""Updates of the program on the command line: what lies on a stick, and the update itself."""

import argparse
from pathlib import Path

from desktop.cli.outcome import Outcome
from desktop.cli.shapes import Json
from desktop.cli.terminal import open_for, progress
from desktop.services.errors import NotFound
from desktop.services.updates.offers import Offer, Standing, spotted
from desktop.services.updates.preparing import prepare
from desktop.services.updates.program import running
from desktop.services.updates.starting import begin
from desktop.services.updates.state import place_of


def updates(options: argparse.Namespace) -> Outcome:
    """Say whether a new version lies on a stick, what is new in it, and whether it may be installed here.

    Raises:
        NotFound: no release lies there.
    """
    offer = spotted(options.stick, running())
    if offer is None:
        raise NotFound(what="新版本", file=str(options.stick))
    refused = f"{offer.standing.label}。{offer.problem}" if offer.standing is Standing.FAULTY else ""
    return Outcome(_shape(offer), "" if refused else "\n".join(_lines(offer)), refused)


def update(options: argparse.Namespace) -> Outcome:
    """Back the data up, make the new version ready, and let it take the place of this program once this has ended."""
    with open_for(options) as store:
        state = prepare(store, options.stick, running(), progress("拷贝新版本"))
    begin(place_of(Path(state.program)))
    data = {"from": state.old, "to": state.new, "backup": state.backup, "phase": state.phase.value}
    words = (
        f"已准备好从{state.old}更新到{state.new}，数据已备份（{state.backup}）。现在更换程序，换好以后窗口自己打开。"
    )
    return Outcome(data, f"{words}\n打开数据以前，旧程序留在：{state.former}")


def _lines(offer: Offer) -> list[str]:
    lines = [f"新版本{offer.version}（现在用{offer.own}）：{offer.standing.label}。签名核对无误：{offer.signer}"]
    for news in offer.news:
        lines.append(news.version)
        for title, said in news.parts:
            lines += [f"  {title}", *(f"    {line}" for line in said)]
    return lines


def _shape(offer: Offer) -> Json:
    return {
        "version": offer.version,
        "own": offer.own,
        "standing": offer.standing.value,
        "signer": offer.signer,
        "problem": offer.problem or None,
        "file": None if offer.file is None else offer.file.name,
        "news": [
            {"version": news.version, "parts": [{"title": title, "lines": list(said)} for title, said in news.parts]}
            for news in offer.news
        ],
    }
