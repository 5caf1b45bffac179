"""Read a page's comments and write one, by GET and POST alone."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from flask import Response, make_response, redirect, render_template, request, url_for

from comity.errors import (
    FormExpiredError,
    InvalidCommentError,
    NotFoundError,
    RateLimitedError,
    RequestError,
)
from comity.model import Comment
from comity.services.permissions import READER
from comity.services.places import site_rules
from comity.services.post_comment import Evidence, Place, Posted, post_comment
from comity.services.preview_comment import preview_comment
from comity.services.read_thread import read_comment
from comity.text.fields import FIELDS
from comity.text.sanitize import sanitize
from comity.text.stages import RawComment
from comity.web.errors import problem_for
from comity.web.security.csrf import refuse_cross_site
from comity.web.security.edit_token import new_edit_token
from comity.web.security.form_token import FormToken, read_form_token
from comity.web.security.honeypot import is_untouched
from comity.web.security.rate_limits import address_hash, count_cheap_act
from comity.web.security.sessions import keep_edit_token, remember_author
from comity.web.state import context

from .blueprint import allow_framing, pages
from .forms import Sent
from .thread_view import EMBED, requested_view, thread_context

_REMEMBERED = ("name", "surname", "email")


@dataclass(frozen=True, kw_only=True)
class SentForm:
    """A comment form as it arrived, before anything is believed."""

    place: Place
    typed: dict[str, str]
    view: str
    remember: bool


@pages.get("/comments")
def thread() -> Response:
    """Show a page's comments and the form."""
    place = Place(site=request.args.get("site", ""), page=request.args.get("page", ""))
    return _thread_page(place, view="")


@pages.post("/comments")
def create() -> Response:
    """Post a comment: 303 to it; or the form again, with what was wrong and every typed word."""
    refuse_cross_site()
    sent = _sent_form()
    token: FormToken | None = None
    try:
        token = read_form_token(
            context(), request.form.get("form_token", ""), sent.place.site, sent.place.page
        )
        posted = post_comment(context(), sent.place, RawComment(**sent.typed), _evidence(token))
    except FormExpiredError as error:
        return _form_again(sent, error, token=None)
    except RequestError as error:
        return _form_again(sent, error, token=token)
    return _after_posting(sent, posted)


@pages.post("/comments/preview")
def preview() -> Response:
    """Show the message as it would look, above the form with everything in it."""
    refuse_cross_site()
    sent = _sent_form()
    try:
        token = read_form_token(
            context(), request.form.get("form_token", ""), sent.place.site, sent.place.page
        )
    except FormExpiredError:
        token = None
    try:
        count_cheap_act("preview")
        html = preview_comment(sent.typed["message"])
    except (InvalidCommentError, RateLimitedError) as error:
        return _form_again(sent, error, token=token)
    shown = _thread_context(
        sent, Sent(typed=sent.typed, preview=html, remember=sent.remember, token=token)
    )
    author = sanitize(f"{sent.typed['name']} {sent.typed['surname']}", one_line=True)
    return make_response(
        render_template("comity/preview_page.html", preview_author=author or None, **shown)
    )


def _sent_form() -> SentForm:
    form = request.form
    try:
        parent_id = uuid.UUID(form["parent"]) if form.get("parent") else None
    except ValueError as error:
        raise NotFoundError from error
    return SentForm(
        place=Place(site=form.get("site", ""), page=form.get("page", ""), parent_id=parent_id),
        typed={name: form.get(name, "") for name in FIELDS},
        view=requested_view(),
        remember=form.get("remember") == "1",
    )


def _evidence(token: FormToken) -> Evidence:
    return Evidence(
        form_nonce=token.nonce,
        form_seconds=token.age_seconds,
        is_honeypot_untouched=is_untouched(token.honeypot, request.form),
        address=address_hash(),
    )


def _after_posting(sent: SentForm, posted: Posted) -> Response:
    """Remember what was asked, and lead to the comment; to a held one by way of an explanation."""
    comment, site = posted.comment, posted.site
    rules = site_rules(site)
    # Sanitized, so that the cookie is as short as what was accepted: a browser drops a long one.
    kept = {
        name: sanitize(sent.typed[name], one_line=True).plain
        for name in _REMEMBERED
        if name in rules
    }
    remember_author(kept if sent.remember else None)
    keep_edit_token(str(comment.id), new_edit_token(context(), comment, site))
    view = sent.view or None
    if comment.is_visible:
        url = url_for(
            "comity.comment", comment_id=comment.id, view=view, _anchor=f"comment-{comment.id}"
        )
    else:
        url = url_for("comity.received", site=site.key, page=posted.page, id=comment.id, view=view)
    return make_response(redirect(url, 303))


def _form_again(sent: SentForm, error: RequestError, *, token: FormToken | None) -> Response:
    """Show the form again: a fresh token where the old one is spent, and nothing lost.

    Raises:
        NotFoundError: there is no such site or page, so there is no form to show.
    """
    problem = problem_for(error)
    notice = None if isinstance(error, InvalidCommentError) else problem.detail
    again = Sent(
        typed=sent.typed,
        errors=problem.errors,
        notice=notice,
        remember=sent.remember,
        token=token,
    )
    shown = _thread_context(sent, again)
    response = make_response(render_template(_template(sent.view), **shown), problem.status)
    response.headers.update(problem.headers)
    return response


def _thread_page(place: Place, *, view: str) -> Response:
    shown = thread_context(place, view=view)
    return make_response(render_template(_template(view), **shown))


def _thread_context(sent: SentForm, again: Sent) -> dict[str, object]:
    shown = thread_context(sent.place, view=sent.view, sent=again, parent=_parent(sent.place))
    if sent.view == EMBED:
        allow_framing(shown["site_row"])
    return shown


def _parent(place: Place) -> Comment | None:
    """Return the comment that is answered, if it is still there: the text is kept in any case."""
    if place.parent_id is None:
        return None
    try:
        comment = read_comment(context(), place.parent_id, READER).comment
    except NotFoundError:
        return None
    return comment if comment.is_visible else None


def _template(view: str) -> str:
    return "comity/embed.html" if view == EMBED else "comity/thread_page.html"
