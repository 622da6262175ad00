"""What was heard from Slack, which conversation is which thread there, and which message shows which answer."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "slack_inbox",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("team", sa.String, nullable=False),
        sa.Column("enterprise", sa.String),
        sa.Column("place", sa.String, nullable=False),
        sa.Column("sort_key", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("data", sa.JSON),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_slack_inbox_pending", "slack_inbox", ["done_at", "place"])
    op.create_table(
        "slack_thread",
        sa.Column("id", sa.String, sa.ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("team", sa.String, nullable=False),
        sa.Column("enterprise", sa.String),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("thread", sa.String, nullable=False),
        sa.Column("surface", sa.String, nullable=False),
        sa.Column("asker", sa.String, nullable=False),
        sa.Column("response_url", sa.String, nullable=False),
        sa.Column("delivered_n", sa.Integer, nullable=False),
        sa.Column("worker", sa.String),
        sa.Column("worker_until", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("team", "channel", "thread", name="one_conversation_a_thread"),
    )
    op.create_table(
        "slack_post",
        sa.Column("id", sa.String, sa.ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("question", sa.String, nullable=False),
        sa.Column("ts", sa.String),
        sa.Column("done", sa.Boolean, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("slack_post")
    op.drop_table("slack_thread")
    op.drop_index("ix_slack_inbox_pending", "slack_inbox")
    op.drop_table("slack_inbox")
