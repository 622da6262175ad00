"""Commands that were mistyped: one is proposed only where it is near, as a wrong one may do harm."""

from typing import Any

from typer.core import TyperGroup

from agent.settings.wrong import near


class NearGroup(TyperGroup):
    """Proposes a command by few wrong letters, not by likeness as typer does."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """As the base, with another guess."""
        self.suggest_commands = False
        wanted = args[0] if args else "-"
        if not wanted.startswith("-") and self.get_command(ctx, wanted) is None:
            guess = near(wanted, list(self.commands))
            ctx.fail(f"No such command {wanted!r}." + (f" Did you mean {guess!r}?" if guess else ""))
        return super().resolve_command(ctx, args)
