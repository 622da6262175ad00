"""Two runs side by side: `parley eval compare`."""
