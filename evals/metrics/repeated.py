"""Runs repeated: whether an agent does it every time, or at least once."""

from math import comb


def pass_hat(n: int, c: int, k: int) -> float | None:
    """pass^k: the chance that k runs drawn from n, c of them right, are all right (Yao et al. 2024, τ-bench), 0…1.

    The figure of a suite is the mean over its cases. None with fewer than k runs.
    """
    return comb(c, k) / comb(n, k) if n >= k else None


def pass_at(n: int, c: int, k: int) -> float | None:
    """pass@k: the chance that at least one of k runs drawn from n, c of them right, is right (Chen et al. 2021), 0…1."""
    return 1 - comb(n - c, k) / comb(n, k) if n >= k else None
