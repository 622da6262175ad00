"""What is shipped is taken further: the mean of two lines, and which questions teach."""

import numpy as np

from agent.generate.extractive.weights import Network
from evals.fits.further import UNSEEN, mean
from evals.fits.tuning_libraries import TUNING


def test_the_mean_of_two_lines_says_what_both_say_on_average() -> None:
    draw = np.random.default_rng(0)
    one, other = (_line(draw) for _ in range(2))
    features = draw.normal(size=(20, 4)).astype(np.float32)
    said = mean(one, other).scores(features)
    assert np.allclose(said, (one.scores(features) + other.scores(features)) / 2, atol=1e-4)


def test_files_that_nothing_is_fitted_on_are_there() -> None:
    assert [file for file in UNSEEN if not (TUNING / f"{file}.jsonl").is_file()] == []


def _line(draw: np.random.Generator) -> Network:
    weight = draw.normal(size=(4, 1)).astype(np.float32)
    return Network(
        mean=draw.normal(size=4).astype(np.float32),
        scale=draw.uniform(1, 2, size=4).astype(np.float32),
        layers=((weight, draw.normal(size=1).astype(np.float32)),),
    )
