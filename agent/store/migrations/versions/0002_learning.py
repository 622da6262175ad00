"""Agreement to learning on each conversation, and tombstones of what was deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("conversation", sa.Column("may_learn", sa.Boolean))
    op.create_table(
        "forgotten",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("forgotten")
    with op.batch_alter_table("conversation") as table:
        table.drop_column("may_learn")
