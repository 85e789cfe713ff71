"""Boxes under each other on pages, headings never alone at the foot of one."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from desktop.services.archive.boxes import Box, Cover, Gap, Group


@dataclass
class Page:
    """The boxes of one page and how far below the head of the text each stands."""

    boxes: list[tuple[Box, float]] = field(default_factory=list)
    bare: bool = False  # a cover: no running head


def paginate(boxes: Sequence[Box], depth: float) -> list[Page]:
    """Lay the boxes under each other on pages of `depth`."""
    pages = [Page()]
    y = gap = 0.0
    waiting = list(reversed(boxes))
    while waiting:
        box = waiting.pop()
        fresh = not pages[-1].boxes
        if box.breaks:
            if not fresh:
                pages.append(Page())
            y = gap = 0.0
            continue
        if isinstance(box, Gap):
            gap = max(gap, box.after) if not fresh else 0.0
            continue
        at = y if fresh else y + max(gap, box.before)
        room = depth - at
        need = box.height if not box.with_next else box.height + _following(waiting, depth)
        if need <= room + 0.01 or (box.with_next and fresh):
            signature = _signature_after(box, waiting)
            if box.height + signature > room + 0.01 and _goes_along(box, waiting, pages[-1], at, depth - signature):
                pages.append(Page())
                y = gap = 0.0
                continue
            pages[-1].boxes.append((box, at))
            pages[-1].bare = pages[-1].bare or isinstance(box, Cover)
            y, gap = at + box.height, box.after
            continue
        if isinstance(box, Group) and box.height > depth:
            waiting.extend(reversed(box.boxes))
            continue
        parts = None if box.with_next else box.divide(room, fresh)
        if parts is not None:
            pages[-1].boxes.append((parts[0], at))
            waiting.append(parts[1])
        elif fresh:
            pages[-1].boxes.append((box, at))  # higher than a page and not divisible
        else:
            waiting.append(box)
        pages.append(Page())
        y = gap = 0.0
    if len(pages) > 1 and not pages[-1].boxes:
        pages.pop()
    return pages


def _following(waiting: list[Box], depth: float) -> float:
    """Return the height that must follow a heading on its page."""
    need = 0.0
    for box in reversed(waiting):
        if box.breaks:
            break
        if isinstance(box, Gap):
            continue
        need += box.before + (box.height if box.with_next else min(box.least, depth / 2))
        if not box.with_next:
            break
    return need


def _signature_after(box: Box, waiting: list[Box]) -> float:
    """Return the height of what follows a box and may not stand on a page without its end."""
    height, gap = 0.0, box.after
    for follower in reversed(waiting):
        if isinstance(follower, Gap):
            gap = max(gap, follower.after)
            continue
        if not follower.with_previous:
            break
        height += max(gap, follower.before) + follower.height
        gap = follower.after
    return height


def _goes_along(box: Box, waiting: list[Box], page: Page, at: float, most: float) -> bool:
    """Let the end of a box, no higher than `most`, wait for the next page; or all of it with its headings.

    Tell whether something waits: where nothing is above, or the end is too high, all stays as it is.
    """
    parts = box.part_end()
    if parts is not None and parts[1].height <= most:
        page.boxes.append((parts[0], at))
        waiting.append(parts[1])
        return True
    kept = len(page.boxes)
    while kept and page.boxes[kept - 1][0].with_next:
        kept -= 1
    if not kept or box.height > most:
        return False
    waiting.append(box)
    waiting.extend(above for above, _at in reversed(page.boxes[kept:]))
    del page.boxes[kept:]
    return True
