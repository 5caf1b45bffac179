"""Sites, threads, comments, the audit log, and receipts of posting.

Revision ID: 0001
Revises: nothing
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _site_and_thread()
    _comment()
    op.create_table(
        "comity_moderation_event",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("site_id", sa.Integer, sa.ForeignKey("comity_site.id"), nullable=False),
        sa.Column("comment_id", sa.Uuid, sa.ForeignKey("comity_comment.id"), nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("from_status", sa.String(10)),
        sa.Column("to_status", sa.String(10)),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
    )
    op.create_index(
        "ix_comity_moderation_event_comment_id_id", "comity_moderation_event", ["comment_id", "id"]
    )
    op.create_table(
        "comity_post_receipt",
        sa.Column("key_digest", sa.LargeBinary(32), primary_key=True),
        sa.Column("body_digest", sa.LargeBinary(32), nullable=False),
        sa.Column("comment_id", sa.Uuid, sa.ForeignKey("comity_comment.id"), nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
    )
    op.create_index("ix_comity_post_receipt_expires_at", "comity_post_receipt", ["expires_at"])


def _site_and_thread() -> None:
    presence = "IN ('required', 'optional', 'hidden')"
    op.create_table(
        "comity_site",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(63), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("origins", sa.JSON, nullable=False),
        sa.Column("page_prefixes", sa.JSON, nullable=False),
        sa.Column("surname", sa.String(10), nullable=False),
        sa.Column("email", sa.String(10), nullable=False),
        sa.Column("website", sa.String(10), nullable=False),
        sa.Column("moderation", sa.String(10), nullable=False),
        sa.Column("edit_window_minutes", sa.Integer, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.UniqueConstraint("key", name="uq_comity_site_key"),
        sa.CheckConstraint(f"surname {presence}", name="surname"),
        sa.CheckConstraint(f"email {presence}", name="email"),
        sa.CheckConstraint(f"website {presence}", name="website"),
        sa.CheckConstraint("moderation IN ('publish', 'hold')", name="moderation"),
        sa.CheckConstraint("edit_window_minutes BETWEEN 0 AND 1440", name="edit_window"),
    )
    op.create_table(
        "comity_thread",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("site_id", sa.Integer, sa.ForeignKey("comity_site.id"), nullable=False),
        sa.Column("page", sa.String(512), nullable=False),
        sa.Column("comment_count", sa.Integer, nullable=False),
        sa.Column("closed_at", _MOMENT),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.UniqueConstraint("site_id", "page", name="uq_comity_thread_site_id_page"),
        sa.CheckConstraint("comment_count >= 0", name="comment_count"),
    )


def _comment() -> None:
    op.create_table(
        "comity_comment",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("site_id", sa.Integer, sa.ForeignKey("comity_site.id"), nullable=False),
        sa.Column("thread_id", sa.Integer, sa.ForeignKey("comity_thread.id"), nullable=False),
        sa.Column("parent_id", sa.Uuid),
        sa.Column("root_id", sa.Uuid, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("surname", sa.Text, nullable=False),
        sa.Column("email", sa.Text),
        sa.Column("website", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("html", sa.Text, nullable=False),
        sa.Column("renderer_version", sa.Integer, nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("is_listed", sa.Boolean, nullable=False),
        sa.Column("reply_count", sa.Integer, nullable=False),
        sa.Column("score", sa.Integer, nullable=False),
        sa.Column("address", sa.LargeBinary(32)),
        sa.Column("author_hash", sa.LargeBinary(8), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("edited_at", _MOMENT),
        sa.Column("deleted_at", _MOMENT),
        sa.UniqueConstraint("thread_id", "id", name="uq_comity_comment_thread_id_id"),
        sa.ForeignKeyConstraint(
            ["thread_id", "parent_id"],
            ["comity_comment.thread_id", "comity_comment.id"],
            name="fk_comity_comment_thread_id_parent_id",
        ),
        sa.ForeignKeyConstraint(
            ["thread_id", "root_id"],
            ["comity_comment.thread_id", "comity_comment.id"],
            name="fk_comity_comment_thread_id_root_id",
        ),
        *_comment_checks(),
    )
    for name, columns, where in (
        ("oldest", ["thread_id", "id"], "{listed} AND parent_id IS NULL"),
        ("top", ["thread_id", sa.text("score DESC"), "id"], "{listed} AND parent_id IS NULL"),
        ("branch", ["root_id", "id"], "{listed}"),
        ("queue", ["site_id", "status", "id"], None),
        ("parent", ["thread_id", "parent_id"], None),
        ("renderer", ["renderer_version"], None),
    ):
        op.create_index(
            f"ix_comity_comment_{name}",
            "comity_comment",
            columns,
            unique=name in {"oldest", "top"},
            sqlite_where=sa.text(where.format(listed="is_listed = 1")) if where else None,
            postgresql_where=sa.text(where.format(listed="is_listed")) if where else None,
        )


def _comment_checks() -> tuple[sa.CheckConstraint, ...]:
    return (
        sa.CheckConstraint("status IN ('pending', 'approved', 'rejected', 'spam')", name="status"),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 50", name="name"),
        sa.CheckConstraint("length(surname) <= 50", name="surname"),
        sa.CheckConstraint("length(email) <= 254", name="email"),
        sa.CheckConstraint("length(message) BETWEEN 1 AND 10000", name="message"),
        sa.CheckConstraint(
            "deleted_at IS NULL OR (email IS NULL AND address IS NULL)", name="erased"
        ),
        sa.CheckConstraint("(parent_id IS NULL) = (root_id = id)", name="root"),
    )


def downgrade() -> None:
    for table in ("post_receipt", "moderation_event", "comment", "thread", "site"):
        op.drop_table(f"comity_{table}")
