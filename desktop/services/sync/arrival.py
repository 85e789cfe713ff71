"""A package that came in, of a proven sender: on what terms it is taken, and what is remembered of it."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.models.sync import Partner, ReceivedPackage
from desktop.services.clock import utc_text
from desktop.services.sync import protocol
from desktop.services.sync.editions_told import read_editions
from desktop.services.sync.package_format import Kind
from desktop.services.sync.protocol import OK, Received
from desktop.services.sync.streams import Standing

if TYPE_CHECKING:
    from desktop.services.sync.package_reader import Body, Package


@dataclass(frozen=True, slots=True)
class Terms:
    """How a file is taken in. `again`: from quarantine; `forced`: whatever line of data it descends from;
    `came_as`: the name of its file before it lay in quarantine.
    """

    kind: Kind
    again: bool = False
    forced: bool = False
    came_as: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A package whose sender is proven. `memory` and `day`: what is in force of that sender, and since when."""

    file: Path
    package: "Package"
    partner: Partner
    standing: Standing
    sender: str
    seq: int
    after: tuple[str, ...]
    memory: Received
    day: str


def noted(
    arrival: Arrival,
    at: datetime,
    code: str,
    body: "Body | None",
    wanted: list[str],
    facts: dict[str, object] | None = None,
) -> ReceivedPackage:
    """Return what is to be remembered of a package that was decided upon at a moment."""
    package = arrival.package
    period = body.manifest.extras.get("period") if body is not None else None
    return ReceivedPackage(
        sender=arrival.partner.org,
        seq=arrival.seq,
        package_hash=package.package_hash,
        kind=package.header.kind.value,
        period=period if isinstance(period, str) and protocol.PERIOD.fullmatch(period) else None,
        header=json.loads(package.header_bytes),
        after=list(arrival.after),
        accepted=code == OK,
        code=code,
        received_at_utc=utc_text(at),
        counts=dict(body.manifest.counts) if body is not None else {},
        want_blobs=wanted,
        file_name=arrival.file.name[:200],
        facts=facts,
        editions=read_editions(body.manifest.extras) if body is not None else None,
    )
