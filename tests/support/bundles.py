"""Bundles for tests: tiny ones that are trained in a moment, each saying its own word."""

from pathlib import Path

from agent.training.bundle import Task, write_bundle
from agent.training.data import read_labelled
from agent.training.train import train

_SAID = ("where is my parcel", "my order has not come", "track it", "我的包裹在哪", "还没收到货")
_OTHER = ("hello there", "good morning", "你好", "早上好", "hi")


def small_bundle(folder: Path, intent: str) -> Path:
    """A bundle of intents that takes parcels for `intent`."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    data = folder.with_suffix(".csv")
    rows = [f"{text},{intent}" for text in _SAID] + [f"{text},greeting" for text in _OTHER]
    data.write_text("text,label\n" + "\n".join(rows) + "\n", "utf-8")
    write_bundle(train(Task.INTENT, read_labelled(data), with_sentences=False), folder)
    return folder
