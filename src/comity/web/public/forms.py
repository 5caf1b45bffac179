"""The forms: for a new comment or a reply, for a change, for a deletion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from flask import url_for

from comity.errors import InvalidFieldError
from comity.model import Comment, Site
from comity.model.site import ModerationMode
from comity.services.places import site_rules
from comity.text.fields import FieldRule, Presence
from comity.text.safe_text import SafeHtml
from comity.web.security.form_token import FormToken, new_form_token
from comity.web.security.sessions import remembered_author
from comity.web.state import context

from .views import FieldView, FormView, Link

_KINDS: Final = {"email": "email", "website": "url", "message": "textarea"}

_HINTS: Final = {
    "email": "Never published: only the moderators of this site can see it.",
    "website": "Your name will link to it.",
}


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What came with a form that is shown again: every typed character, and what was wrong."""

    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Sequence[InvalidFieldError] = ()
    notice: str | None = None
    preview: SafeHtml | None = None
    remember: bool | None = None
    token: FormToken | None = None


def comment_form(
    site: Site, page: str, *, view: str, parent: Comment | None = None, sent: Sent | None = None
) -> FormView:
    """Return the form for a new comment on `page`, or for a reply to `parent`."""
    sent = sent or Sent(typed=remembered_author())
    token = sent.token or new_form_token(context(), site.key, page)
    fields = _fields(site_rules(site).values(), sent)
    hidden = {
        "site": site.key,
        "page": page,
        "view": view,
        "parent": str(parent.id) if parent else "",
        "form_token": token.token,
    }
    remembered = bool(remembered_author()) if sent.remember is None else sent.remember
    holds = site.moderation == ModerationMode.HOLD
    return FormView(
        heading="Write a reply" if parent else "Write a comment",
        action=url_for("comity.create"),
        preview_action=url_for("comity.preview"),
        fields=fields,
        hidden=tuple((name, value) for name, value in hidden.items() if value),
        submit_label="Send for review" if holds else "Post reply" if parent else "Post comment",
        honeypot_name=token.honeypot.name,
        honeypot_label=token.honeypot.label,
        notice=sent.notice,
        reply_to=_reply_to(parent, view) if parent else None,
        cancel_url=url_for("comity.thread", site=site.key, page=page, view=view or None)
        if parent
        else None,
        preview=sent.preview,
        is_remembered=remembered,
        errors=tuple(one for one in fields if one.error),
    )


def edit_form(comment: Comment, site: Site, *, view: str, edit_token: str, sent: Sent) -> FormView:
    """Return the form that changes the message of `comment`."""
    fields = _fields([site_rules(site)["message"]], sent)
    return FormView(
        heading="Change your comment",
        action=url_for("comity.update", comment_id=comment.id),
        preview_action=url_for("comity.preview_edit", comment_id=comment.id),
        fields=fields,
        hidden=_proof(edit_token, view),
        submit_label="Save changes",
        notice=sent.notice,
        cancel_url=url_for("comity.comment", comment_id=comment.id, view=view or None),
        preview=sent.preview,
        errors=tuple(one for one in fields if one.error),
    )


def delete_form(comment: Comment, *, view: str, edit_token: str) -> FormView:
    """Return the form that asks once more before `comment` goes."""
    return FormView(
        heading="Delete your comment",
        action=url_for("comity.destroy", comment_id=comment.id),
        preview_action=None,
        fields=(),
        hidden=_proof(edit_token, view),
        submit_label="Delete comment",
        notice="Its words disappear from the page, and your e-mail address is erased. "
        "You cannot take this back.",
        cancel_url=url_for("comity.comment", comment_id=comment.id, view=view or None),
    )


def _proof(edit_token: str, view: str) -> tuple[tuple[str, str], ...]:
    # The token is in the form, not only in the cookie: a cookie alone would let any page that
    # makes the browser post here act for the author (CWE-352).
    pairs = (("edit_token", edit_token), ("view", view))
    return tuple((name, value) for name, value in pairs if value)


def _fields(rules: Iterable[FieldRule], sent: Sent) -> tuple[FieldView, ...]:
    wrong = {error.field: error.message for error in sent.errors}
    return tuple(
        FieldView(
            name=rule.name,
            label=rule.label,
            kind=_KINDS.get(rule.name, "text"),
            value=sent.typed.get(rule.name, ""),
            error=wrong.get(rule.name),
            hint=_hint(rule),
            min_chars=rule.min_chars,
            max_chars=rule.max_chars,
            is_required=rule.presence is Presence.REQUIRED,
            autocomplete=rule.autocomplete,
        )
        for rule in rules
        if rule.presence is not Presence.HIDDEN
    )


def _hint(rule: FieldRule) -> str | None:
    if rule.name == "message":
        return f"Up to {rule.max_chars:,} characters. **bold**, *italic*, > quote and links work."
    return _HINTS.get(rule.name)


def _reply_to(parent: Comment, view: str) -> Link:
    url = url_for("comity.comment", comment_id=parent.id, view=view or None)
    return Link(label=parent.author.plain, url=url)
