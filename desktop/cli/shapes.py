"""What the verbs print with --json: the values of the services as plain objects.

These shapes are promised to scripts; a name is added, never changed.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from desktop.messages import present
from desktop.services.dues.words import rate_of, yuan
from desktop.services.standards.evidence import number_evidence
from desktop.services.standards.score import points

if TYPE_CHECKING:
    from datetime import date

    from desktop.services.archive.rows import Archive
    from desktop.services.archive.verifying import Fault, Verdict
    from desktop.services.attachments import Attached
    from desktop.services.attachments.records import RecordRef
    from desktop.services.demo import DemoBranch, DemoResult
    from desktop.services.dues.ledger import Ledger
    from desktop.services.election.count import Count
    from desktop.services.intake.looks import ColumnLook, Question
    from desktop.services.members.comparing import Comparison
    from desktop.services.race.rows import IndicatorView, RaceRow, RaceTable
    from desktop.services.releases import ReleaseFault, ReleaseVerdict
    from desktop.services.retention import Proposal
    from desktop.services.signed_folder import Problem
    from desktop.services.spreadsheets.results import ImportResult
    from desktop.services.standards.evidence import Numbers
    from desktop.services.standards.score import CriterionScore, Gap, ItemScore, Score
    from desktop.services.sync.results import Packed, Result

Json = Mapping[str, object]


def of_import(result: "ImportResult") -> Json:
    """Return the object of `import`; what would change is only told in a dry run."""
    shape: dict[str, object] = {
        "read": result.read,
        "accepted": result.accepted,
        "updated": result.updated,
        "unchanged": result.unchanged,
        "blank": result.blank,
        "rejected": [_parts(row, "sheet", "row", "field", "value", "reason") for row in result.rejected],
        "warnings": [_parts(row, "sheet", "row", "field", "reason") for row in result.warnings],
        "proposals": [_parts(row, "sheet", "row", "record", "field", "value", "reason") for row in result.proposals],
        "dry_run": result.dry_run,
        "waiting": result.waiting,
        "complete": result.complete,
        "run": result.run,
        "remembered": result.remembered,
        "sheets": [
            _parts(sheet, "title", "seems", "taken", "why", "hidden", "records", "program") for sheet in result.sheets
        ],
        "columns": [_column(column) for sheet in result.sheets for column in (*sheet.columns, *sheet.labels)],
        "questions": [_question(question) for question in result.questions],
        "left_out": [
            {**_parts(part, "sheet", "row", "column", "what", "why", "unasked"), "kind": part.kind.value}
            for part in result.left_out
        ],
    }
    if result.dry_run:
        shape["new"] = [_parts(row, "sheet", "row", "record") for row in result.new]
        shape["changes"] = [_parts(row, "record", "field", "before", "after", "row") for row in result.changes]
    return shape


def of_count(found: "Count") -> Json:
    """Return the object of `election`; what is missing makes a round as invalid as what is wrong."""
    return {
        "valid": found.valid is True,
        "elected": list(found.elected),
        "runoff": list(found.runoff),
        "seats_left": found.seats_left,
        "reasons": list(found.reasons),
    }


def of_comparison(found: "Comparison") -> Json:
    """Return the object of `compare`; ID numbers are masked."""
    result = of_import(found.result)
    return {
        "there": found.there,
        "here": found.here,
        "same": found.same,
        "differences": [
            {
                **_parts(one, "name", "field", "here", "there", "sheet", "row"),
                "kind": one.kind.value,
                "id_no": one.id_no_masked,
                "member": one.member_id or None,
            }
            for one in found.differences
        ],
        **{name: result[name] for name in ("rejected", "waiting", "remembered", "sheets", "questions", "left_out")},
    }


def _column(column: "ColumnLook") -> Json:
    return {
        **_parts(column, "sheet", "letter", "heading", "field", "why", "held"),
        "confidence": column.confidence.value,
        "content": column.content.value,
    }


def _question(question: "Question") -> Json:
    return {
        **_parts(question, "key", "sheet", "row", "field", "words", "holds", "cli"),
        "kind": question.kind.value,
        "facts": [list(fact) for fact in question.facts],
        "options": [_parts(option, "value", "label") for option in question.options],
    }


def of_score(score: "Score") -> Json:
    """Return the object of `score`; points as numbers with two decimals at most."""
    numbers = number_evidence(score)
    return {
        "on": score.on.isoformat(),
        "year": score.year,
        "pack": score.pack_id,
        "version": score.version,
        **figures(score),
        "rate_name": score.rate_text,
        "quality_rated": score.quality_rated,
        "trace_ratio": _share(score.trace_ratio),
        "quality_ratio": _share(score.quality_ratio),
        "grade_name": score.grade_text,
        "provisional": score.provisional,
        "gates": [_parts(gate, "id", "name", "effect", "ground") for gate in score.gates],
        "dimensions": [
            {
                "id": dimension.id,
                "name": dimension.dimension.name,
                "score": points(dimension.score),
                "pending": points(dimension.pending),
                "max": points(dimension.max),
            }
            for dimension in score.dimensions
        ],
        "items": [_item(item, numbers) for item in score.items],
    }


def figures(score: "Score") -> Json:
    """Return the sums of a score: what `demo` tells of each branch."""
    return {
        "total": points(score.total),
        "trace": points(score.trace),
        "quality": points(score.quality),
        "pending": points(score.pending),
        "rate": points(score.rate),
        "grade": score.grade.id if score.grade else None,
    }


def _item(item: "ItemScore", numbers: "Numbers") -> Json:
    """Return one item of the standard as `score` prints it; a line of a list has no number of evidence."""
    return {
        "id": item.id,
        "title": item.item.title,
        "status": item.status,
        "ratio": _share(item.ratio),
        "trace_points": points(item.trace_points),
        "trace_max": points(item.trace_max),
        "quality_points": points(item.quality_points),
        "quality_max": points(item.quality_max),
        "pending": points(item.pending),
        "records": [used.id for used in item.used],
        "evidence": [
            {
                "kind": used.kind,
                "id": used.id,
                "number": bound.number if (bound := numbers.find(used)) else None,
                "on": _day(used.on),
                "title": used.title,
            }
            for used in item.used
        ],
        "missing": [of_gap(gap) for gap in item.gaps],
        "upcoming": [of_gap(gap) for gap in item.upcoming],
        "notes": list(item.verdict.notes),
        "quality": [_criterion(criterion) for criterion in item.criteria],
    }


def _criterion(score: "CriterionScore") -> Json:
    criterion = score.criterion
    return {**_parts(criterion, "text", "how", "by"), "share": _share(score.share), "value": score.text}


def of_gap(gap: "Gap") -> Json:
    """Return what is missing as `score` prints it."""
    return {
        "what": gap.what,
        "by": _day(gap.by),
        "who": gap.who.text,
        "where": {"page": gap.where.page, "kind": gap.where.kind, "prefill": dict(gap.where.prefill)},
        "gain": points(gap.gain),
        "mendable": gap.mendable,
    }


def of_dues(ledger: "Ledger") -> Json:
    """Return the object of `dues`; amounts are texts with two places, `due` and `paid` run from January on.

    `provisional`: the base is the roster's, nothing of the year was assessed. `unassessed` names who is meant.
    """
    return {
        "year": ledger.year,
        "on": ledger.on.isoformat(),
        "provisional": bool(ledger.provisional),
        "unassessed": [row.name for row in ledger.provisional],
        "members": [
            {
                "name": row.name,
                "class": row.dues_class.value,
                "class_name": row.dues_class.label,
                "base": yuan(row.base_fen) if row.base_fen is not None else None,
                "rate": None if row.rate_ppm is None else str(rate_of(row.rate_ppm)),
                "monthly": yuan(row.monthly_fen) if row.monthly_fen is not None else None,
                "due": [yuan(cell.due_fen) for cell in row.cells],
                "paid": [yuan(cell.paid_fen) for cell in row.cells],
                "states": [cell.state.value for cell in row.cells],
                "arrears_months": len(row.owed),
                "arrears": yuan(row.owed_fen),
                "alarm": row.alarm.id if row.alarm else None,
                "alarm_words": row.alarm.words if row.alarm else None,
                "provisional": row.provisional,
            }
            for row in ledger.rows
        ],
        "total_due": yuan(ledger.due_fen),
        "total_paid": yuan(ledger.paid_fen),
    }


def of_archive(archive: "Archive") -> Json:
    """Return the object of `archive`."""
    return {
        "dir": str(archive.dir),
        "aside": None if archive.aside is None else str(archive.aside),
        "volumes": [_parts(volume, "file", "pages", "sha256") for volume in archive.volumes],
        "gaps": [
            {"item": gap.item_id, "what": gap.what, "who": gap.who, "by": _day(gap.by), "mendable": gap.mendable}
            for gap in archive.gaps
        ],
    }


def of_verdict(verdict: "Verdict") -> Json:
    """Return the object of `verify`; `signer` is null where no true signature covers the manifest."""
    return {
        "ok": verdict.ok,
        "signer": None if verdict.signer is None else _parts(verdict.signer, "code", "name", "fingerprint"),
        "problems": _problems(verdict.problems),
    }


def _problems(problems: "Iterable[Problem[Fault] | Problem[ReleaseFault]]") -> list[Json]:
    return [{"code": problem.fault.value, "file": problem.file, "what": problem.what} for problem in problems]


def of_release(verdict: "ReleaseVerdict") -> Json:
    """Return the object of `verify-release`; `signer` is null unless a key that came with us signed."""
    return {
        "ok": verdict.ok,
        "signer": verdict.signer,
        "files": list(verdict.files),
        "problems": _problems(verdict.problems),
    }


def of_attached(record: "RecordRef", done: "Attached") -> Json:
    """Return the object of `attach`."""
    return {
        "record": _parts(record, "kind", "id"),
        "attached": [_parts(row, "id", "name", "evidence_kind", "size_bytes", "sha256") for row in done.rows],
        "refused": [
            {"file": str(each.path), "code": each.error.code, "what": present(each.error).title}
            for each in done.refused
        ],
    }


def of_packed(packed: "Packed") -> Json:
    """Return a package written: `files` has it and those that carry the rest of its attachments."""
    return {
        "file": str(packed.file),
        **_parts(packed, "code", "seq", "sha256"),
        "counts": dict(packed.counts),
        "attachments": packed.attachments,
        "files": [str(package.file) for package in (packed, *packed.more)],
    }


def of_result(result: "Result") -> Json:
    """Return what became of one file that was received."""
    changes = result.changes
    return {
        "file": str(result.file),
        **_parts(result, "code", "sender", "seq", "message", "added", "changed", "removed"),
        "tables": {"added": changes.added, "changed": changes.changed, "removed": changes.removed},
    }


def of_race(table: "RaceTable") -> Json:
    """Return the object of `race`."""
    return {
        "period": table.period,
        "scheme": table.scheme_version,
        "scheme_id": table.scheme_id,
        "state": table.state.value,
        "branches": [of_race_row(row) for row in table.rows],
    }


def of_race_row(row: "RaceRow") -> Json:
    """Return one branch as `race` prints it."""
    return {
        "code": row.code,
        "name": row.name,
        "group": row.group,
        "total": number(row.total),
        "rank": row.rank,
        "class": row.class_id,
        "class_name": row.class_name,
        "indicators": [_indicator(indicator) for indicator in row.indicators],
        "penalties": [
            {"id": penalty.id, "cases": penalty.cases, "points": number(penalty.points)} for penalty in row.penalties
        ],
        "vetoes": [veto.id for veto in row.vetoes],
        "missing_weight": number(row.missing_weight),
        "reasons": list(row.reasons),
        "next_class": row.next_class,
        "to_next_line": number(row.to_next_line),
        "moves": [
            {
                "id": move.part,
                "from": number(move.now),
                "to": number(move.target),
                "gain": number(move.gain),
                "chosen": move.chosen,
            }
            for move in row.moves
        ],
    }


def _indicator(indicator: "IndicatorView") -> Json:
    parts = indicator.parts if len(indicator.parts) > 1 else ()
    return {
        "id": indicator.id,
        "name": indicator.name,
        "raw": number(indicator.raw),
        "score": number(indicator.points),
        "weight": number(indicator.weight),
        "status": indicator.status,
        "parts": [
            {
                "id": part.id,
                "raw": number(part.value),
                "score": number(part.points),
                "weight": number(part.weight),
            }
            for part in parts
        ],
    }


def of_demo(result: "DemoResult") -> Json:
    """Return the object of `demo`."""
    return {
        "dir": str(result.folder),
        "on": result.on.isoformat(),
        "period": result.period,
        "headquarters": str(result.headquarters),
        "password": result.password,
        "branches": [_demo_branch(branch) for branch in result.branches],
    }


def _demo_branch(branch: "DemoBranch") -> Json:
    return {
        "code": branch.code,
        "name": branch.name,
        "store": str(branch.store),
        "archive": str(branch.archive),
        "imported": dict(branch.imported),
        "score": figures(branch.self_score),
        "package": str(branch.package),
        "received": branch.received,
        "total": branch.total,
        "rank": branch.rank,
        "class": branch.race_class,
        "plan": branch.plan,
    }


def number(value: Decimal | None) -> float | int | None:
    """Return an exact figure as the number JSON carries, whole where it is whole."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _share(share: Fraction | None) -> float | None:
    return None if share is None else round(float(share), 6)


def _day(day: "date | None") -> str | None:
    return day.isoformat() if day else None


def _parts(thing: object, *names: str) -> Json:
    return {name: getattr(thing, name) for name in names}


def of_proposals(proposals: Sequence["Proposal"]) -> Json:
    """Return what has passed its period of keeping."""
    return {
        "proposals": [
            {
                "key": each.key,
                "rule": each.rule.id,
                "title": each.rule.title,
                "what": each.what,
                "why": each.rule.why,
                "effect": each.rule.effect,
                "since": each.since.isoformat(),
                "due": each.due.isoformat(),
            }
            for each in proposals
        ]
    }
