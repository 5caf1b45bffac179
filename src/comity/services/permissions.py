"""Who may do what to a comment: one table, and the one function that reads it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from comity.errors import EditWindowClosedError, ForbiddenError, NotFoundError
from comity.model import Comment


class Role(StrEnum):
    """What somebody is to one comment."""

    READER = "reader"
    AUTHOR = "author"
    LATE_AUTHOR = "late_author"
    """Its author, after the time for changes."""
    MODERATOR = "moderator"


class State(StrEnum):
    """What a comment is to its readers."""

    VISIBLE = "visible"
    PLACEHOLDER = "placeholder"
    """Its words are gone from view; its place is kept by the replies beneath."""
    HELD = "held"
    DELETED = "deleted"


class Act(StrEnum):
    """What can be done to a comment."""

    READ = "read"
    EDIT = "edit"
    DELETE = "delete"
    MODERATE = "moderate"


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who asks. Without proof, everybody is a reader.

    `wrote` is the comment whose edit token was shown, `edits_until` the end of
    that token's time. `moderates` holds site ids: power over one site is none
    over another (CWE-639).
    """

    name: str = "reader"
    wrote: uuid.UUID | None = None
    edits_until: datetime | None = None
    moderates: frozenset[int] = frozenset()


READER: Final = Actor()

_EVERYBODY: Final = frozenset(Role)
_AUTHORS: Final = frozenset({Role.AUTHOR, Role.LATE_AUTHOR, Role.MODERATOR})
_CHANGERS: Final = frozenset({Role.AUTHOR, Role.MODERATOR})
_MODERATORS: Final = frozenset({Role.MODERATOR})

ALLOWED: Final[Mapping[Act, Mapping[State, frozenset[Role]]]] = {
    Act.READ: {
        State.VISIBLE: _EVERYBODY,
        State.PLACEHOLDER: _EVERYBODY,
        State.HELD: _AUTHORS,
        State.DELETED: _MODERATORS,
    },
    Act.EDIT: {State.VISIBLE: _CHANGERS, State.HELD: _CHANGERS},
    Act.DELETE: {
        State.VISIBLE: _CHANGERS,
        State.PLACEHOLDER: _MODERATORS,
        State.HELD: _CHANGERS,
    },
    Act.MODERATE: {
        State.VISIBLE: _MODERATORS,
        State.PLACEHOLDER: _MODERATORS,
        State.HELD: _MODERATORS,
    },
}
"""What is not in this table is refused."""


def require(actor: Actor, act: Act, comment: Comment, now: datetime) -> None:
    """Return if `actor` may do `act` to `comment`.

    Raises:
        NotFoundError: they may not even see it (CWE-204: absent and hidden look alike).
        EditWindowClosedError: it is theirs, but too late.
        ForbiddenError: they may see it, not do this.
    """
    role, state = role_of(actor, comment, now), state_of(comment, actor)
    if role in ALLOWED[act].get(state, frozenset()):
        return
    if role not in ALLOWED[Act.READ][state]:
        raise NotFoundError
    if role is Role.LATE_AUTHOR and Role.AUTHOR in ALLOWED[act].get(state, frozenset()):
        raise EditWindowClosedError
    raise ForbiddenError


def may(actor: Actor, act: Act, comment: Comment, now: datetime) -> bool:
    """Whether `require` would return."""
    return role_of(actor, comment, now) in ALLOWED[act].get(state_of(comment, actor), frozenset())


def role_of(actor: Actor, comment: Comment, now: datetime) -> Role:
    """Return the strongest role of `actor` for this comment."""
    if comment.site_id in actor.moderates:
        return Role.MODERATOR
    if actor.wrote is None or actor.wrote != comment.id:
        return Role.READER
    if actor.edits_until is None or now >= actor.edits_until:
        return Role.LATE_AUTHOR
    return Role.AUTHOR


def state_of(comment: Comment, actor: Actor = READER) -> State:
    """Return what the comment is; an author's own held comment is held, not a placeholder."""
    if comment.is_visible:
        return State.VISIBLE
    if comment.deleted_at is not None:
        return State.PLACEHOLDER if comment.is_listed else State.DELETED
    is_own = actor.wrote == comment.id or comment.site_id in actor.moderates
    return State.PLACEHOLDER if comment.is_listed and not is_own else State.HELD
