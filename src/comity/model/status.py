"""The four states of a comment, and who can see each."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Whether a comment is published. Deletion is apart: see `Comment.deleted_at`."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    SPAM = "spam"
