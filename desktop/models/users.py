"""Who works in a store (使用人): log-in names and the roles they have. None of it leaves the store."""

from typing import ClassVar

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import ID_LENGTH, Base, called


class User(Base):
    """One log-in name with its roles; the password is a slot of the vault; changes stand in the trail of uses."""

    __tablename__ = "users"
    __label__: ClassVar[str] = "使用人"

    login: Mapped[str] = mapped_column(String(50), unique=True, info=called("登录名"))
    roles: Mapped[list[str]] = mapped_column(default=list, info=called("角色"))  # ids of `roles.toml`
    member_id: Mapped[str | None] = mapped_column(  # whose posts decide, for a role that goes by post
        String(ID_LENGTH), info=called("党员")
    )
