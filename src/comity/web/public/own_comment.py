"""An author changes or deletes a comment, while its edit window is open."""

from __future__ import annotations

import uuid

from flask import Response, make_response, redirect, render_template, request, url_for

from comity.errors import NotFoundError, RequestError
from comity.model import Comment, Site
from comity.services.delete_comment import delete_comment
from comity.services.edit_comment import edit_comment
from comity.services.permissions import Act, Actor, require
from comity.services.preview_comment import preview_comment
from comity.services.read_thread import read_comment
from comity.text.safe_text import SafeHtml
from comity.web.errors import problem_for
from comity.web.security.csrf import refuse_cross_site
from comity.web.security.edit_token import actor_of
from comity.web.security.rate_limits import count_cheap_act
from comity.web.security.sessions import edit_token_of
from comity.web.state import context

from .blueprint import allow_framing, pages
from .forms import Sent, delete_form, edit_form
from .message_page import stylesheet_url
from .present import Shown, present_comment, present_site
from .thread_view import EMBED, requested_view


@pages.get("/comments/<uuid:comment_id>/edit")
def edit(comment_id: uuid.UUID) -> Response:
    """Show the form with the message as it was typed."""
    comment, site, token = _own(comment_id, Act.EDIT)
    return _edit_page(comment, site, token, Sent(typed={"message": comment.message.plain}))


@pages.post("/comments/<uuid:comment_id>/edit")
def update(comment_id: uuid.UUID) -> Response:
    """Save the changed message: 303 to the comment; or the form again with what was wrong."""
    refuse_cross_site()
    raw = request.form.get("message", "")
    try:
        count_cheap_act("edit")
        comment = edit_comment(context(), _sent_actor(), comment_id, raw)
    except NotFoundError:
        raise
    except RequestError as error:
        return _edit_again(comment_id, raw, error)
    return _to_comment(comment.id)


@pages.post("/comments/<uuid:comment_id>/edit/preview")
def preview_edit(comment_id: uuid.UUID) -> Response:
    """Show the changed message as it would look, above the form."""
    refuse_cross_site()
    raw = request.form.get("message", "")
    try:
        count_cheap_act("preview")
        html: SafeHtml = preview_comment(raw)
    except RequestError as error:
        return _edit_again(comment_id, raw, error)
    comment, site = _sent_comment(comment_id)
    sent = Sent(typed={"message": raw}, preview=html)
    return _edit_page(comment, site, request.form.get("edit_token", ""), sent)


@pages.get("/comments/<uuid:comment_id>/delete")
def delete(comment_id: uuid.UUID) -> Response:
    """Ask once more. Nothing happens on GET: previews and scanners follow links."""
    comment, site, token = _own(comment_id, Act.DELETE)
    return _page(
        "comity/delete_page.html",
        comment,
        site,
        title="Delete your comment",
        form=delete_form(comment, view=requested_view(), edit_token=token),
    )


@pages.post("/comments/<uuid:comment_id>/delete")
def destroy(comment_id: uuid.UUID) -> Response:
    """Delete the comment: 303 to its conversation."""
    refuse_cross_site()
    count_cheap_act("edit")
    comment, site = _sent_comment(comment_id)
    page = read_comment(context(), comment.id, _sent_actor()).thread.page
    delete_comment(context(), _sent_actor(), comment_id)
    view = requested_view()
    endpoint = "comity.embed" if view == EMBED else "comity.thread"
    return make_response(redirect(url_for(endpoint, site=site.key, page=page), 303))


def _own(comment_id: uuid.UUID, act: Act) -> tuple[Comment, Site, str]:
    """Return this browser's own comment, its site and the edit token for the form.

    Raises:
        NotFoundError: it is not there, or not this visitor's to see.
        ForbiddenError: it is somebody else's, or the window is closed.
    """
    token = edit_token_of(str(comment_id))
    actor = actor_of(context(), token)
    found = read_comment(context(), comment_id, actor)
    require(actor, act, found.comment, context().clock())
    return found.comment, found.site, token or ""


def _sent_actor() -> Actor:
    # By the token in the form alone; the cookie is not asked (CWE-352).
    return actor_of(context(), request.form.get("edit_token"))


def _sent_comment(comment_id: uuid.UUID) -> tuple[Comment, Site]:
    actor = _sent_actor()
    found = read_comment(context(), comment_id, actor)
    require(actor, Act.EDIT, found.comment, context().clock())
    return found.comment, found.site


def _edit_again(comment_id: uuid.UUID, raw: str, error: RequestError) -> Response:
    problem = problem_for(error)
    found = read_comment(context(), comment_id, _sent_actor())
    sent = Sent(
        typed={"message": raw},
        errors=problem.errors,
        notice=None if problem.errors else problem.detail,
    )
    token = request.form.get("edit_token", "")
    response = _edit_page(found.comment, found.site, token, sent)
    response.status_code = problem.status
    response.headers.update(problem.headers)
    return response


def _edit_page(comment: Comment, site: Site, token: str, sent: Sent) -> Response:
    form = edit_form(comment, site, view=requested_view(), edit_token=token, sent=sent)
    return _page("comity/edit_page.html", comment, site, title="Change your comment", form=form)


def _page(template: str, comment: Comment, site: Site, **more: object) -> Response:
    view = requested_view()
    if view == EMBED:
        allow_framing(site)
    shown = Shown(now=context().clock(), view=view, can_reply=False)
    return make_response(
        render_template(
            template,
            site=present_site(site),
            comment=present_comment(comment, shown),
            is_embed=view == EMBED,
            stylesheet_url=stylesheet_url(),
            **more,
        )
    )


def _to_comment(comment_id: uuid.UUID) -> Response:
    url = url_for(
        "comity.comment",
        comment_id=comment_id,
        view=requested_view() or None,
        _anchor=f"comment-{comment_id}",
    )
    return make_response(redirect(url, 303))
