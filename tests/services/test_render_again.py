from __future__ import annotations

import pytest
from sqlalchemy import text

from comity.services import render_again as service
from comity.services.context import Context
from comity.services.read_thread import read_comment, read_thread
from comity.services.render_again import render_again
from comity.store import comments
from comity.text.render import RENDERER_VERSION
from comity.text.safe_text import SafeHtml
from support.cast import PAGE, SITE, post, stored, unlimited

NEXT = RENDERER_VERSION + 1


def test_nothing_is_rendered_while_the_version_stays(context: Context) -> None:
    post(context)
    assert render_again(context) == 0


@pytest.mark.parametrize("batch", [1, 2, 3, 4, 500])
def test_every_comment_is_rendered_once_whatever_the_batch(
    context: Context, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(service, "BATCH", batch)
    ids = [post(context, f"Comment {number}.").id for number in range(4)]
    _move_on(monkeypatch)
    assert render_again(context) == 4
    assert render_again(context) == 0
    for number, comment_id in enumerate(ids):
        kept = stored(context.database, comment_id)
        assert kept.html == f"<p>new: Comment {number}.</p>"
        assert kept.renderer_version == NEXT
        assert kept.edited_at is None


def test_an_interrupted_run_keeps_what_it_did_and_goes_on(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "BATCH", 2)
    for number in range(6):
        post(unlimited(context), f"Comment {number}.")
    _move_on(monkeypatch)
    done: list[object] = []

    def fail_later(source: str) -> SafeHtml:
        done.append(source)
        if len(done) == 4:
            raise KeyboardInterrupt
        return SafeHtml("<p>new</p>")

    monkeypatch.setattr(service, "render", fail_later)
    with pytest.raises(KeyboardInterrupt):
        render_again(context)
    assert render_again(context) == 4


def test_readers_get_the_new_html_before_the_stored_one_is_made(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = post(context)
    reply = post(context, "A reply.", parent=root)
    _move_on(monkeypatch)
    shown = read_thread(context, SITE, PAGE).comments
    assert [comment.html for comment in shown] == [
        "<p>new: Good morning.</p>",
        "<p>new: A reply.</p>",
    ]
    found = read_comment(context, reply.id)
    assert found.comment.html == "<p>new: A reply.</p>"
    assert found.ancestors[0].html == "<p>new: Good morning.</p>"
    assert stored(context.database, root.id).renderer_version == RENDERER_VERSION


def test_html_of_a_newer_comity_is_left_for_it(context: Context) -> None:
    comment = post(context)
    with context.database.writing() as session:
        session.execute(text("UPDATE comity_comment SET renderer_version = 999"))
    assert render_again(context) == 0
    assert stored(context.database, comment.id).renderer_version == 999


def _move_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on the renderer is of the next version, and its HTML says so."""
    for module in (service, comments):
        monkeypatch.setattr(module, "RENDERER_VERSION", NEXT)
    monkeypatch.setattr(service, "render", _next_render)


def _next_render(source: str) -> SafeHtml:
    return SafeHtml(f"<p>new: {source}</p>")  # noqa: S704 - stands in for the real one
