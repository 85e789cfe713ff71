"""Finding people, meetings, registers, tasks and attachments by any word in them (查找)."""

from desktop.services.search.service import Found, Hit, SearchService

__all__ = ["Found", "Hit", "SearchService"]
