"""Declared registers at work: one service, one sheet engine, one way of showing a value, for all of them."""

from desktop.services.registers.book import Beside, RegisterBook, books, sent_books
from desktop.services.registers.service import RegisterRow, RegisterService

__all__ = ["Beside", "RegisterBook", "RegisterRow", "RegisterService", "books", "sent_books"]
