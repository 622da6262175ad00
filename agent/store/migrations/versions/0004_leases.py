"""Which process works on a conversation, and until when."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("conversation", sa.Column("worker", sa.String))
    op.add_column("conversation", sa.Column("worker_until", sa.DateTime(timezone=True)))


def downgrade() -> None:
    with op.batch_alter_table("conversation") as table:
        table.drop_column("worker_until")
        table.drop_column("worker")
