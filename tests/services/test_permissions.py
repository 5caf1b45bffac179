from __future__ import annotations

import itertools
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from comity.errors import EditWindowClosedError, ForbiddenError, NotFoundError, RequestError
from comity.model import Comment, Status
from comity.services.permissions import (
    ALLOWED,
    READER,
    Act,
    Actor,
    Role,
    State,
    may,
    require,
    role_of,
    state_of,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BLOG, SHOP = 1, 2

Answer = type[RequestError] | None

# Who gets which answer, written out: a change of the product's table must be made here, too.
#            reader  author  late    moderator
TABLE = """
read   visible      yes     yes     yes     yes
read   placeholder  yes     yes     yes     yes
read   held         absent  yes     yes     yes
read   deleted      absent  absent  absent  yes
edit   visible      no      yes     late    yes
edit   placeholder  no      no      no      no
edit   held         absent  yes     late    yes
edit   deleted      absent  absent  absent  no
delete visible      no      yes     late    yes
delete placeholder  no      no      no      yes
delete held         absent  yes     late    yes
delete deleted      absent  absent  absent  no
moderate visible     no     no      no      yes
moderate placeholder no     no      no      yes
moderate held        absent no      no      yes
moderate deleted     absent absent  absent  no
"""
ANSWERS: dict[str, Answer] = {
    "yes": None,
    "absent": NotFoundError,
    "no": ForbiddenError,
    "late": EditWindowClosedError,
}
MATRIX = {
    (Act(act), State(state), role): ANSWERS[answer]
    for act, state, *answers in map(str.split, TABLE.strip().splitlines())
    for role, answer in zip(Role, answers, strict=True)
}


def _comment(state: State) -> Comment:
    """A comment that is in `state` for those to whom it matters."""
    return Comment(
        id=uuid.uuid4(),
        site_id=BLOG,
        status=Status.PENDING if state is State.HELD else Status.APPROVED,
        deleted_at=NOW if state in {State.PLACEHOLDER, State.DELETED} else None,
        is_listed=state in {State.VISIBLE, State.PLACEHOLDER},
    )


def _actor(role: Role, comment: Comment) -> Actor:
    match role:
        case Role.READER:
            return READER
        case Role.AUTHOR:
            return Actor(wrote=comment.id, edits_until=NOW + timedelta(seconds=1))
        case Role.LATE_AUTHOR:
            return Actor(wrote=comment.id, edits_until=NOW)
        case Role.MODERATOR:
            return Actor(name="moderator:mo", moderates=frozenset({BLOG}))


def test_the_table_here_answers_every_question() -> None:
    assert set(MATRIX) == set(itertools.product(Act, State, Role))


@pytest.mark.parametrize(("act", "state", "role"), list(itertools.product(Act, State, Role)))
def test_everybody_gets_the_answer_of_the_table(act: Act, state: State, role: Role) -> None:
    comment = _comment(state)
    actor = _actor(role, comment)
    assert (role_of(actor, comment, NOW), state_of(comment, actor)) == (role, state)
    answer = MATRIX[act, state, role]
    assert may(actor, act, comment, NOW) == (answer is None)
    if answer is None:
        require(actor, act, comment, NOW)
        return
    with pytest.raises(answer) as refused:
        require(actor, act, comment, NOW)
    assert type(refused.value) is answer  # an expired window is not said to a stranger


def test_every_act_can_be_done_by_somebody_and_nothing_else_is_in_the_table() -> None:
    assert set(ALLOWED) == set(Act)
    assert all(roles for states in ALLOWED.values() for roles in states.values())


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("status", [Status.PENDING, Status.REJECTED, Status.SPAM])
def test_what_is_held_does_not_exist_for_the_moderator_of_another_site(
    act: Act, status: Status
) -> None:
    comment = Comment(id=uuid.uuid4(), site_id=BLOG, status=status, is_listed=False)
    with pytest.raises(NotFoundError):
        require(Actor(name="moderator:eve", moderates=frozenset({SHOP})), act, comment, NOW)


def test_the_moderator_of_another_site_only_reads_what_everybody_reads() -> None:
    other = Actor(name="moderator:eve", moderates=frozenset({SHOP}))
    comment = _comment(State.VISIBLE)
    assert [act for act in Act if may(other, act, comment, NOW)] == [Act.READ]


def test_the_token_of_one_comment_is_nothing_for_another() -> None:
    mine, other = _comment(State.HELD), _comment(State.HELD)
    mallory = Actor(wrote=mine.id, edits_until=NOW + timedelta(minutes=15))
    with pytest.raises(NotFoundError):
        require(mallory, Act.READ, other, NOW)


@pytest.mark.parametrize("until", [None, NOW, NOW - timedelta(days=1)])
def test_without_time_left_an_author_is_late(until: datetime | None) -> None:
    comment = _comment(State.VISIBLE)
    actor = Actor(wrote=comment.id, edits_until=until)
    assert role_of(actor, comment, NOW) is Role.LATE_AUTHOR


def test_a_moderator_who_is_also_the_late_author_may_still_change_it() -> None:
    comment = _comment(State.VISIBLE)
    both = Actor(wrote=comment.id, edits_until=NOW, moderates=frozenset({BLOG}))
    assert role_of(both, comment, NOW) is Role.MODERATOR


@pytest.mark.parametrize("status", [Status.PENDING, Status.REJECTED, Status.SPAM])
def test_a_held_comment_that_keeps_a_place_is_held_only_for_its_own_people(status: Status) -> None:
    comment = Comment(id=uuid.uuid4(), site_id=BLOG, status=status, is_listed=True)
    assert state_of(comment) is State.PLACEHOLDER
    assert state_of(comment, _actor(Role.AUTHOR, comment)) is State.HELD
    assert state_of(comment, _actor(Role.MODERATOR, comment)) is State.HELD
    assert state_of(comment, Actor(moderates=frozenset({SHOP}))) is State.PLACEHOLDER
