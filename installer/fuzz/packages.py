"""Packages that luck, a stranger or a genuine sender spoils: refused by code with nothing changed, or every page works.

Two thirds are reports to headquarters, the others feedback to a branch. What is changed goes from single bytes of the
file to single values of rows, truly encrypted, hashed and signed by the sender's own keys.
"""

import copy
import gzip
import hashlib
import io
import json
import shutil
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from desktop.models.base import Base
from desktop.services.canonical import canonical
from desktop.services.headquarters import HeadquartersService
from desktop.services.improvement.service import ImprovementService
from desktop.services.meetings import MeetingService
from desktop.services.members import MemberService
from desktop.services.race.branch_race import BranchRace
from desktop.services.race.service import RaceService
from desktop.services.security import agefile, sshsig
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from desktop.services.sync import package_format as fmt
from desktop.services.sync.installation import identity_of, own_identities
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from desktop.services.sync.sent import sent_packages
from installer.fuzz import hostile, samples
from installer.fuzz.run import ACCEPTED, REFUSED, Kind
from tests.services.sync.packages import members, rebuilt, tar_of

QUIET = ("audit", "received_packages", "refused_files")
"""Tables that a refusal may leave something in."""
TAKEN = ("OK", "I-STALE", "I-BEHIND")
Document = dict[str, Any]


@dataclass
class Genuine:
    """A package as its sender wrote it, taken apart."""

    file: Path
    header: Document
    manifest: Document
    rows: list[Document]
    blobs: dict[str, bytes]
    key: Ed25519PrivateKey
    recipients: list[Any]

    @classmethod
    def of(cls, file: Path, sender: Store, receiver: Store) -> "Genuine":
        parts = members(file)
        with receiver.reading() as session:
            identities = [identity.age_identity for identity in own_identities(session)]
        with agefile.decrypting(io.BytesIO(parts[fmt.BODY]), identities) as plain:
            body = plain.read()
        with tarfile.open(fileobj=io.BytesIO(body)) as tar:
            inner = {info.name: tar.extractfile(info).read() for info in tar}  # type: ignore[union-attr]
        lines = [json.loads(line) for line in gzip.decompress(inner.pop(fmt.RECORDS)).splitlines()]
        manifest = json.loads(inner.pop(fmt.MANIFEST))
        recipients = [identity.to_public() for identity in identities]
        key = identity_of(sender).signing_key
        return cls(file, json.loads(parts[fmt.HEADER]), manifest, lines, inner, key, recipients)


class Packages(Kind):
    """Packages into the stores of the demonstration."""

    patience_s = 120

    @classmethod
    def found(cls, shared: Path) -> dict[str, str]:
        samples.found(shared)
        stick = shared / "stick"
        stick.mkdir()
        with samples.opened(shared / "demo" / "数据" / samples.BRANCH) as branch:
            Sender(branch).pack(stick, samples.PERIOD)
        with samples.opened(shared / "demo" / "数据" / samples.HEADQUARTERS) as headquarters:
            Sender(headquarters).answer([samples.BRANCH], stick)
        return {}

    def __init__(self, shared: Path, own: Path) -> None:
        super().__init__(shared, own)
        self._stores: dict[str, Store] = {}
        for name in (samples.HEADQUARTERS, samples.BRANCH):
            self._renew(name)
        up, down = sorted((shared / "stick").glob("*上报*"))[-1], sorted((shared / "stick").glob("*反馈*"))[-1]
        headquarters, branch = self._stores[samples.HEADQUARTERS], self._stores[samples.BRANCH]
        self._up, self._down = Genuine.of(up, branch, headquarters), Genuine.of(down, headquarters, branch)
        orgs = {row.code: row.branch_id for row in HeadquartersService(headquarters).overview()}
        self._org, self._other = orgs[samples.BRANCH], orgs[samples.OTHER]
        with headquarters.reading() as session:
            ids = session.connection().exec_driver_sql(
                "select id from members where branch_id = ? limit 9", (self._other,)
            )
            self._foreign = [str(row[0]) for row in ids]
        self._before = {name: self._sum(store) for name, store in self._stores.items()}

    def _renew(self, name: str) -> None:
        if name in self._stores:
            self._stores[name].close()
        self._stores[name] = samples.opened(samples.copied(self.shared, name, self.own / name))

    def case(self, dice: Random) -> str:
        name, genuine = (samples.HEADQUARTERS, self._up) if dice.randrange(3) else (samples.BRANCH, self._down)
        self.what = f"to {name}: "
        file = self.own / "x.dzp"
        self._spoil(dice, genuine, file)
        store = self._stores[name]
        (result,) = Receiver(store).receive([file])
        assert result.message, "no words"
        self.what += f" -> {result.code} {result.facts}"
        if result.code not in TAKEN:
            assert result.code.startswith(("E-", "I-")), result.code
            assert self._sum(store) == self._before[name], f"changed, though {result.code}"
            shutil.rmtree(store.folder / "quarantine", ignore_errors=True)
            return REFUSED + result.code
        self._use(name)
        self._renew(name)
        assert self._sum(self._stores[name]) == self._before[name]
        return ACCEPTED

    def _use(self, name: str) -> None:
        """Ask for what people look at: all of it must come."""
        store = self._stores[name]
        if name == samples.HEADQUARTERS:
            for row in HeadquartersService(store).overview():
                assert not row.broken, f"{row.code} is broken"
            for org in (self._org, self._other):
                StandardService(store).score(branch_id=org)
                StandardService(store).ready(store.today.replace(month=12), branch_id=org)
                MeetingService(store).meetings(branch_id=org)
                MemberService(store).roster(branch_id=org)
            RaceService(store).race(samples.EARLIER)
            RaceService(store).race(samples.PERIOD)
            HeadquartersService(store).remarks()
            Sender(store).answer([samples.BRANCH, samples.OTHER], None)
        else:
            StandardService(store).score()
            StandardService(store).verified_score()
            StandardService(store).editions()
            BranchRace(store).results()
            ImprovementService(store).current()
            sent_packages(store)

    def _sum(self, store: Store) -> str:
        """Return a sum of all that a store holds."""
        total = hashlib.sha256()
        with store.reading() as session:
            connection = session.connection()
            for table in Base.metadata.sorted_tables:
                if table.name not in QUIET:
                    rows = connection.exec_driver_sql(f'select * from "{table.name}" order by id').all()
                    total.update(repr(rows).encode("utf-8", "surrogatepass"))
        total.update(repr(sorted(path.name for path in store.folder.glob("att/**/*"))).encode())
        return total.hexdigest()

    # spoiling

    def _spoil(self, dice: Random, genuine: Genuine, file: Path) -> None:
        kind = dice.choices(("bytes", "cut", "zip", "header", "manifest", "lines", "rows"), (10, 8, 10, 14, 10, 8, 40))[
            0
        ]
        self.what += kind
        getattr(self, f"_{kind}")(dice, genuine, file)

    def _bytes(self, dice: Random, genuine: Genuine, file: Path) -> None:
        content = genuine.file.read_bytes()
        edge = dice.choice((200, 4000, len(content)))
        at = dice.choice((0, max(len(content) - edge, 0)))
        changed = hostile.slips(dice, content[at : at + edge])
        file.write_bytes(content[:at] + changed + content[at + edge :])

    def _cut(self, dice: Random, genuine: Genuine, file: Path) -> None:
        content = genuine.file.read_bytes()
        length = dice.choice(
            (dice.randrange(1200), len(content) - dice.randrange(1, 1200), dice.randrange(len(content)))
        )
        tail = dice.choice((b"", b"", b"\0" * 700, content[:100], dice.randbytes(50)))
        self.what += f" after {length}"
        file.write_bytes(dice.choice((content[:length], content[length:], content)) + tail + b"\0" * (not tail))

    def _zip(self, dice: Random, genuine: Genuine, file: Path) -> None:
        """The same members in a wrapper of another make, or others beside them."""
        parts = list(members(genuine.file).items())
        kind = dice.randrange(7)
        self.what += f" trick {kind}"
        if kind == 0:
            dice.shuffle(parts)
        elif kind == 1:
            parts.insert(dice.randrange(4), (dice.choice(("../x", "body.age", "header.json", "x" * 300, "")), b"x" * 9))
        elif kind == 2:
            parts.pop(dice.randrange(3))
        if kind < 3:
            with zipfile.ZipFile(file, "w", dice.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
                for name, data in parts:
                    archive.writestr(zipfile.ZipInfo(name or "-", (2020, 1, 1, 0, 0, 0)), data)
        elif kind == 3:
            rebuilt(file, dict(parts))
            with zipfile.ZipFile(file, "a") as archive:
                archive.comment = dice.randbytes(dice.choice((1, 60_000)))
        elif kind == 4:
            file.write_bytes(dice.randbytes(dice.choice((1, 512))) + genuine.file.read_bytes())
        elif kind == 5:
            file.write_bytes(genuine.file.read_bytes() * 2)
        else:  # the wrapper is right, and what it wraps is spoilt
            number = dice.randrange(3)
            parts[number] = (parts[number][0], hostile.slips(dice, parts[number][1]))
            rebuilt(file, dict(parts))

    def _header(self, dice: Random, genuine: Genuine, file: Path) -> None:
        header = copy.deepcopy(genuine.header)
        for _ in range(dice.choice((1, 1, 2))):
            self._bend(dice, header)
        manifest = {**genuine.manifest, **{name: header[name] for name in _ECHOED if name in header}}
        self._sealed(genuine, file, dice.choice((manifest, genuine.manifest)), genuine.rows, header)

    def _manifest(self, dice: Random, genuine: Genuine, file: Path) -> None:
        manifest = copy.deepcopy(genuine.manifest)
        if dice.randrange(2):
            manifest.setdefault("receipt", {})
            self._bend(dice, manifest["receipt"])
        else:
            self._bend(dice, manifest)
        self._sealed(genuine, file, manifest, genuine.rows)

    def _bend(self, dice: Random, document: Document) -> None:
        """Change something somewhere in a document."""
        inner: Any = document
        while True:
            key = dice.choice(sorted(inner)) if isinstance(inner, dict) and inner else None
            if key is None:
                document[dice.choice(("x", "data", "next_key"))] = hostile.value(dice)
                return
            if isinstance(inner[key], dict) and inner[key] and dice.randrange(4):
                inner = inner[key]
                continue
            kind = dice.randrange(5)
            if kind == 0:
                self.what += f"; without {key}"
                del inner[key]
            else:
                inner[key] = hostile.value(dice) if kind < 3 else hostile.near(dice, inner[key])
                self.what += f"; {key} = {str(inner[key])[:80]!r}"
            return

    def _lines(self, dice: Random, genuine: Genuine, file: Path) -> None:
        """Records that are no records, or too many."""
        lines = [canonical(row) for row in genuine.rows]
        at = dice.randrange(len(lines))
        kind = dice.randrange(9)
        self.what += f" trick {kind} at {at + 1}"
        bad = (b'{"d":{"id":NaN},"t":"members"}', b'{"d":' + b"[" * 5000, lines[at][:-9], lines[at] + lines[at], b"",
               b"\xff\xfe", b'{"d":{},"d":{},"t":"members"}', b'{"d":{"id":1' + b"0" * 5000 + b'},"t":"members"}',
               b'{"d":{},"t":"audit"}')[kind]  # fmt: skip
        lines[at : at + dice.randrange(2)] = [bad] * dice.choice((1, 1, 3))
        raw = b"\n".join(lines) + b"\n"
        packed = gzip.compress(raw, mtime=0)
        if dice.randrange(4) == 0:
            packed = dice.choice((packed[:-5], packed * 2, packed + b"x", hostile.slips(dice, packed), b""))
        self._sealed(genuine, file, {**genuine.manifest, "raw_size": len(raw)}, [], None, packed)

    def _rows(self, dice: Random, genuine: Genuine, file: Path) -> None:
        """One or a few values of honest rows; or a row too many, or one too few."""
        rows = copy.deepcopy(genuine.rows)
        for _ in range(dice.choice((1, 1, 1, 2, 4))):
            table = dice.choice(sorted({row["t"] for row in rows}))
            row = dice.choice([row for row in rows if row["t"] == table])
            column = dice.choice(sorted(row["d"]))
            kind = dice.randrange(20)
            if kind < 6:
                row["d"][column] = hostile.near(dice, row["d"][column])
            elif kind < 12:
                row["d"][column] = hostile.value(dice)
            elif kind < 15:  # what the same column says elsewhere, or another row's id
                others = [one["d"][column] for one in rows if one["t"] == table]
                row["d"][column] = dice.choice([*others, dice.choice(rows)["d"]["id"], dice.choice(self._foreign)])
            elif kind == 15:
                days = [name for name, value in row["d"].items() if isinstance(value, str) and value[4:5] == "-"]
                for name in days:
                    row["d"][name] = dice.choice((dice.choice(hostile.DAYS), hostile.near(dice, row["d"][name])))
            elif kind == 16:
                rows.remove(row)
            elif kind == 17:
                twin = copy.deepcopy(row)
                twin["d"]["id"] = dice.choice((row["d"]["id"], "f47ac10b-58cc-4372-a567-0e02b2c3d479"))
                rows.insert(rows.index(row) + 1, twin)
            elif kind == 18:
                row["t"] = dice.choice(
                    ("audit", "settings", "own_keys", "partners", "race_results", "remarks", "members")
                )
            else:
                row["d"].pop(column) if dice.randrange(2) else row["d"].update(x=1)
            self.what += f"; {table}.{column} by {kind}: {str(row['d'].get(column))[:80]!r}"
        self._sealed(genuine, file, genuine.manifest, rows)

    def _sealed(
        self,
        genuine: Genuine,
        file: Path,
        manifest: Document,
        rows: list[Document],
        header: Document | None = None,
        packed: bytes | None = None,
    ) -> None:
        """Write a package with its sender's true seals; figures that follow from the rows are put right."""
        if packed is None:
            raw = b"".join(_spelt(row) + b"\n" for row in rows)
            packed = gzip.compress(raw, mtime=0)
            if rows is not genuine.rows:
                counts: dict[str, int] = {}
                for row in rows:
                    counts[row["t"]] = counts.get(row["t"], 0) + 1
                manifest = {**manifest, "counts": counts, "raw_size": len(raw)}
        if (
            packed is not None
            and isinstance(manifest.get("members"), list)
            and manifest["members"] == (genuine.manifest["members"])
        ):
            records = {"name": fmt.RECORDS, "sha256": hashlib.sha256(packed).hexdigest(), "size": len(packed)}
            manifest = {**manifest, "members": [records, *manifest["members"][1:]]}
        plain = tar_of((fmt.MANIFEST, _spelt(manifest)), (fmt.RECORDS, packed), *genuine.blobs.items())
        sealed = io.BytesIO()
        agefile.encrypt(io.BytesIO(plain), sealed, genuine.recipients)
        body = sealed.getvalue()
        header = copy.deepcopy(genuine.header if header is None else header)
        if header.get("body") == genuine.header["body"]:
            header["body"] = {"sha256": hashlib.sha256(body).hexdigest(), "size": len(body)}
        told = _spelt(header)
        signature = sshsig.sign(genuine.key, told, sshsig.PACKAGE_NAMESPACE)
        rebuilt(file, {fmt.BODY: body, fmt.HEADER: told, fmt.SIGNATURE: signature})


_ECHOED = ("from", "kind", "pkg_id", "schema", "stream", "to")


def _spelt(document: Document) -> bytes:
    """Return a document as canonical JSON, or as near to it as its values allow."""
    try:
        return canonical(document)
    except (TypeError, ValueError):
        told = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return told.encode("utf-8", "surrogatepass")
