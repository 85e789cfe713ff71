"""The verb `photos`: a folder of photos and scans, each with the meeting of its day; attached only when asked to."""

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING

from desktop.cli.outcome import Outcome
from desktop.cli.terminal import open_for, progress
from desktop.models.meetings import Meeting
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.errors import Input, InvalidInput
from desktop.services.quoting import quoted

if TYPE_CHECKING:
    from desktop.services.meetings.photos import Photo, Put, PutAway, Sorted
    from desktop.services.store import Store

PUT = Input("put", "--put")


def photos(options: argparse.Namespace) -> Outcome:
    """List the photos of a folder with the meetings they seem to belong to, or attach them there.

    Raises:
        NotAllowed: who works here may write no meeting.
        InvalidInput: the folder has no photos, or an option names none of them, or no meeting.
    """
    from desktop.services.meetings.photos import PhotoService

    with open_for(options, StoreKind.BRANCH) as store:
        if options.attach:
            store.rights.require_any(Meeting.__tablename__)
        service = PhotoService(store)
        found = service.look(options.folder, progress("看照片"))
        said = _said(store, found, options.put)
        chosen = _chosen(found, said)
        if not options.attach:
            return Outcome(_shape(found, said, None), _listed(found, said))
        done = service.put(found.name, chosen, progress("附照片"))
    refusal = "；".join(f"{photo.name}：{reason}" for photo, reason in done.refused[:3])
    more = f"等{len(done.refused)}个" if len(done.refused) > 3 else ""
    text = f"已附上{done.attached}个，已在的{done.there}个，没有附的{len(found.photos) - len(chosen)}个。"
    return Outcome(_shape(found, said, done), text, f"没有附上：{refusal}{more}。" if refusal else "")


def _said(store: "Store", found: "Sorted", typed: list[str]) -> dict[str, str]:
    """Return the meeting of each photo that an option names, by the photo's name; "" for none."""
    from desktop.services.attachments.records import find_record

    names = {photo.name for photo in found.photos}
    said: dict[str, str] = {}
    for text in typed:
        name, mark, record = text.rpartition("=")
        if not mark or name not in names:
            raise InvalidInput(PUT, f"{quoted(text)}要写成“文件=会议”，文件照列出来的写")
        if not record:
            said[name] = ""
            continue
        meeting = find_record(store, record)
        if meeting.kind != Meeting.__tablename__:
            raise InvalidInput(PUT, f"{quoted(record)}不是会议记录")
        said[name] = meeting.id
    return said


def _meeting(photo: "Photo", said: Mapping[str, str]) -> str:
    """Return the meeting that a photo goes to; "" for none."""
    if photo.fault:
        return ""
    return said.get(photo.name, (photo.meeting_id or "") if photo.certain else "")


def _chosen(found: "Sorted", said: Mapping[str, str]) -> "list[Put]":
    from desktop.services.meetings.photos import Put

    return [Put(photo=photo, meeting_id=meeting) for photo in found.photos if (meeting := _meeting(photo, said))]


def _listed(found: "Sorted", said: Mapping[str, str]) -> str:
    titles = {held.id: held.words for held in found.meetings}
    lines = []
    for photo in found.photos:
        meeting = _meeting(photo, said)
        seems = f"像是 {titles[photo.meeting_id]}" if photo.meeting_id in titles else ""
        where = f"→ {titles.get(meeting, meeting)}" if meeting else seems or "没有定"
        lines.append(f"{photo.name}  {where}（{photo.fault or photo.why}）")
    count = len(_chosen(found, said))
    lines.append(f"{len(found.photos)}个里{count}个定了会议；加上 --attach 才附上，用 --put 文件=会议 改。")
    return "\n".join(lines)


def _shape(found: "Sorted", said: Mapping[str, str], done: "PutAway | None") -> dict[str, object]:
    shape: dict[str, object] = {
        "folder": found.name,
        "photos": [
            {
                "file": photo.name,
                "day": photo.day.isoformat() if photo.day else None,
                "why": photo.why,
                "seems": photo.meeting_id,
                "meeting": _meeting(photo, said) or None,
                "evidence_kind": photo.evidence_kind,
                "fault": photo.fault,
            }
            for photo in found.photos
        ],
        "others": found.others,
        "most": found.most,
    }
    if done is not None:
        refused = [{"file": photo.name, "reason": reason} for photo, reason in done.refused]
        shape |= {"attached": done.attached, "there": done.there, "refused": refused, "run": done.run}
    return shape
