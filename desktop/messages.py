"""Turns an exception into words: what happened, what is kept, what to do next. The window and the command line share it."""

from dataclasses import dataclass

from desktop.services.errors import AppError


@dataclass(frozen=True, slots=True)
class Message:
    """What the user reads about a failure."""

    title: str
    kept: str = ""
    next: str = ""
    code: str = ""


def present(error: BaseException) -> Message:
    """Return the words for `error`."""
    if isinstance(error, AppError):
        reason = error.facts.get("reason", "")
        return Message(f"{error.facts.get('field', '')}{reason}" or "操作没有完成。", "记录没有改动。", "", error.code)
    return Message("程序出了意外。", "没有保存任何改动。", "请把日志文件交给维护人员。", "E-DEFECT")
