"""Which conversation has which thread among the company's people in Slack, and which message shows which event."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "slack_desk",
        sa.Column("id", sa.String, sa.ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("team", sa.String, nullable=False),
        sa.Column("enterprise", sa.String),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("thread", sa.String),
        sa.Column("holder", sa.String),
        sa.Column("suggested", sa.String, nullable=False),
        sa.Column("delivered_n", sa.Integer, nullable=False),
        sa.Column("worker", sa.String),
        sa.Column("worker_until", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_slack_desk_thread", "slack_desk", ["thread"])
    op.create_table(
        "slack_desk_post",
        sa.Column("id", sa.String, sa.ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("n", sa.Integer, primary_key=True),
        sa.Column("ts", sa.String),
    )


def downgrade() -> None:
    op.drop_table("slack_desk_post")
    op.drop_index("ix_slack_desk_thread", "slack_desk")
    op.drop_table("slack_desk")
