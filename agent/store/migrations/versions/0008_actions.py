"""What was done for customers, and the records that it left."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "action",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("tool", sa.String, nullable=False),
        sa.Column("conversation_id", sa.String),
        sa.Column("arguments", sa.JSON, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("result", sa.JSON, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_action_conversation_id", "action", ["conversation_id"])
    op.create_table(
        "record",
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("number", sa.String, primary_key=True),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("conversation_id", sa.String),
        sa.Column("data", sa.JSON, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_record_conversation_id", "record", ["conversation_id"])
    op.create_index("ix_record_subject", "record", ["kind", "subject"])


def downgrade() -> None:
    op.drop_table("record")
    op.drop_table("action")
