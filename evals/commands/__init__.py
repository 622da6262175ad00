"""The commands of `parley eval`."""
