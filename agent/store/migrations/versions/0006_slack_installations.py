"""Which workspaces have installed the Slack app, and who is on the way to do so."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "slack_installation",
        sa.Column("client_id", sa.String, primary_key=True),
        sa.Column("enterprise", sa.String, primary_key=True),
        sa.Column("team", sa.String, primary_key=True),
        sa.Column("user", sa.String, primary_key=True),
        sa.Column("installed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("rotating_until", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "slack_oauth_state",
        sa.Column("state", sa.String, primary_key=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("slack_oauth_state")
    op.drop_table("slack_installation")
