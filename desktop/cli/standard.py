"""The verb about standards files: check one, compare it with what is in force, add it as an edition."""

import argparse
from typing import TYPE_CHECKING, Any

from desktop.cli.outcome import Outcome
from desktop.cli.terminal import open_for
from desktop.models.vocabulary.stores import StoreKind

if TYPE_CHECKING:
    from desktop.services.standards.editing.checking import Problem
    from desktop.services.standards.editing.differences import Difference
    from desktop.services.standards.editing.service import Compared
    from desktop.services.standards.editions import Edition

CHECK, DIFF, ADD = "check", "diff", "add"
DEEDS = (CHECK, DIFF, ADD)
_ADDED = "已增加，随下一个反馈包发给各支部；过去的年度仍按当年的版本计分"


def standard(options: argparse.Namespace) -> Outcome:
    """Check a standards file; a sound one is compared with the edition in force, or added as a new one."""
    from desktop.services.standards.editing.service import EditingService, look_at
    from desktop.services.standards.service import StandardService

    with open_for(options, StoreKind.HEADQUARTERS) as store:
        looked = look_at(store, options.file)
        if looked.edition is None:
            return _refused(looked.problems)
        compared = EditingService(store).compare(looked.edition) if options.deed != CHECK else None
        added = None
        if options.deed == ADD:
            service, new = StandardService(store), looked.edition
            added = not service.keeps(new)
            service.add_edition(new.text, looked.file)
    data: dict[str, Any] = {"ok": True, "problems": [], "edition": _edition(looked.edition)}
    lines = [f"{_called(looked.edition)}：检查无误"]
    if compared is not None:
        data |= {"against": _edition(compared.old), "differences": [_difference(part) for part in compared.differences]}
        lines += _compared(compared)
    if added is not None:
        data["added"] = added
        lines.append(_ADDED if added else "这一版已经有了，内容相同，没有再增加")
    return Outcome(data, "\n".join(lines))


def _refused(problems: "tuple[Problem, ...]") -> Outcome:
    data = {
        "ok": False,
        "problems": [{"line": problem.line, "item": problem.item, "what": problem.what} for problem in problems],
    }
    return Outcome(data, "\n".join(problem.words for problem in problems), f"有{len(problems)}处要改，没有增加。")


def _called(edition: "Edition") -> str:
    return f"{edition.title} {edition.version}" + (f"（自{edition.since}起）" if edition.since else "")


def _edition(edition: "Edition") -> dict[str, Any]:
    return {
        "kind": edition.kind.value,
        "title": edition.title,
        "version": edition.version,
        "effective_from": edition.effective_from.isoformat(),
    }


def _difference(part: "Difference") -> dict[str, Any]:
    return {
        "kind": part.differs.value,
        "item": part.item,
        "title": part.title,
        "changes": [
            {"field": change.field, "from": change.before or None, "to": change.after or None}
            for change in part.changes
        ],
    }


def _compared(compared: "Compared") -> list[str]:
    if not compared.differences:
        return [f"和在用的 {compared.old.version} 没有不同"]
    out = [f"和在用的 {compared.old.version} 比，{len(compared.differences)}项不同："]
    for part in compared.differences:
        name = " ".join(words for words in (part.item, part.title) if words) or "整份"
        out.append(f"  {part.differs.label} {name}：{part.words}")
    return out
