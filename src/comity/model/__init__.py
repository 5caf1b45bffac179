"""The tables. Every name begins with `comity_`, for we may live in a host's database."""

from __future__ import annotations

from .base import Base
from .comment import Comment
from .moderation_event import ModerationEvent
from .receipt import PostReceipt
from .site import Site
from .status import Status
from .thread import Thread

__all__ = ["Base", "Comment", "ModerationEvent", "PostReceipt", "Site", "Status", "Thread"]
