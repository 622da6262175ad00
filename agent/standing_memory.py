"""The collector of garbage, told that what a server has loaded is none."""

import gc


def settle_memory() -> None:
    """To be called once, when a server is ready: what is there now stays, and is not looked through again.

    Models, indexes and modules are more than a million objects. Python's full collections go through all of them, at any
    moment, while everything else stands still: for a third of a second on a slow core, in which nothing is acknowledged.
    """
    gc.collect()
    gc.freeze()
