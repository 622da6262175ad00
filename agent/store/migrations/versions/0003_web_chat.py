"""Who talks, how they agreed, who of the company is with them, and the files they sent."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_ADDED = (
    ("customer", sa.JSON),
    ("form", sa.JSON),
    ("language", sa.String),
    ("site", sa.String),
    ("consented_at", sa.DateTime(timezone=True)),
    ("handoff", sa.String),
    ("handoff_at", sa.DateTime(timezone=True)),
    ("colleague", sa.String),
)


def upgrade() -> None:
    for name, kind in _ADDED:
        op.add_column("conversation", sa.Column(name, kind))
    op.create_index("ix_conversation_handoff", "conversation", ["handoff", "handoff_at"])
    op.create_index("ix_conversation_customer", "conversation", ["customer_id"])
    op.create_table(
        "file",
        sa.Column("conversation_id", sa.String, sa.ForeignKey("conversation.id"), primary_key=True),
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("type", sa.String, nullable=False),
        sa.Column("bytes", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("file")
    op.drop_index("ix_conversation_customer", "conversation")
    op.drop_index("ix_conversation_handoff", "conversation")
    with op.batch_alter_table("conversation") as table:
        for name, _ in _ADDED:
            table.drop_column(name)
