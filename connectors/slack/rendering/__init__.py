"""Parley's Markdown as Slack shows it: one parse, Markdown for `markdown` blocks and streams, mrkdwn for all other texts."""

from connectors.slack.rendering.clipping import clip
from connectors.slack.rendering.mrkdwn import mrkdwn
from connectors.slack.rendering.quieting import Quieting, escape, quiet
from connectors.slack.rendering.rendered import Rendered, render

__all__ = ["Quieting", "Rendered", "clip", "escape", "mrkdwn", "quiet", "render"]
