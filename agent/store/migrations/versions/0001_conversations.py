"""Conversations, their events and their turns."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "conversation",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("customer_id", sa.String),
        sa.Column("token_hash", sa.String, nullable=False),
        sa.Column("last_n", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "event",
        sa.Column("conversation_id", sa.String, sa.ForeignKey("conversation.id"), primary_key=True),
        sa.Column("n", sa.Integer, primary_key=True),
        sa.Column("type", sa.String, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
    )
    op.create_table(
        "turn",
        sa.Column("conversation_id", sa.String, sa.ForeignKey("conversation.id"), primary_key=True),
        sa.Column("message_n", sa.Integer, primary_key=True),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("channel_message_id", sa.String, nullable=False),
        sa.Column("customer_id", sa.String),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.UniqueConstraint("conversation_id", "channel", "channel_message_id", name="one_message_once"),
    )
    op.create_index("ix_turn_state", "turn", ["state"])


def downgrade() -> None:
    for table in ("turn", "event", "conversation"):
        op.drop_table(table)
