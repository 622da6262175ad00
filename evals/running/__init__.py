"""Running cases: several at once, again after failures, on from where a run was cut off."""
