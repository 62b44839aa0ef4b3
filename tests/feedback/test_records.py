"""The record of chapter 8's trainings: what it says is what a training with that seed gives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lae_helpers import load_mnist
from lae_helpers.feedback.data import LabelledImages, split_digits
from lae_helpers.feedback.records import (
    RECORD,
    Recording,
    Trial,
    choose,
    load_recording,
    save_recording,
)
from lae_helpers.feedback.rules import FeedbackAlignment, InformationAlignment
from lae_helpers.feedback.training import train_with_feedback
from tools import record_feedback as script


@pytest.fixture(scope="module")
def recording() -> Recording:
    return load_recording()


@pytest.fixture(scope="module")
def images() -> tuple[LabelledImages, LabelledImages]:
    return split_digits(*load_mnist())


def test_the_record_holds_what_the_script_runs(recording: Recording) -> None:
    for name, hidden in script.NETWORKS.items():
        assert list(recording.trials[name]) == list(recording.runs[name]) == list(script.CANDIDATES)
        for label in script.CANDIDATES:
            trials, runs = recording.trials[name][label], recording.runs[name][label]
            settings = script.list_settings(label)
            brief, full = trials[: len(settings)], trials[len(settings) :]
            assert [(trial.rule, trial.learning_rate) for trial in brief] == settings
            for some, (epochs, seeds) in ((brief, script.BRIEF), (full, script.FULL)):
                assert {trial.epochs for trial in some} == {epochs}
                assert {len(trial.accuracies) for trial in some} == {len(seeds)}
            means = sorted(trial.accuracies.mean() for trial in brief)
            again = [
                one.accuracies.mean()
                for one in brief
                if (one.rule, one.learning_rate) in [(t.rule, t.learning_rate) for t in full]
            ]
            assert sorted(again) == means[-script.N_FINALISTS :]
            best = choose(full)
            assert (runs.rule, runs.learning_rate) == (best.rule, best.learning_rate)
            assert runs.seeds == script.SEEDS
            assert (runs.epochs, runs.batch_size) == (script.FULL[0], 50)
            assert runs.widths == (657, *hidden, 10)
            assert runs.accuracies.shape == (21, 16)
            assert runs.gains.shape == (21, 16, len(hidden))
    assert RECORD.stat().st_size < 200_000


@pytest.mark.parametrize("label", ["backprop", "weight mirror", "information alignment, β = 1"])
@pytest.mark.parametrize(("name", "seed"), [("2 hidden layers", 3), ("4 hidden layers", 11)])
def test_a_recorded_run_is_repeated_to_its_last_digit(
    recording: Recording,
    images: tuple[LabelledImages, LabelledImages],
    name: str,
    seed: int,
    label: str,
) -> None:
    recorded = recording.runs[name][label]
    again = train_with_feedback(
        recorded.rule, images[1], recorded.widths[1:-1], seeds=(seed,), epochs=recorded.epochs,
        learning_rate=recorded.learning_rate, batch_size=recorded.batch_size,
    )  # fmt: skip
    slot = recorded.seeds.index(seed)
    for table, values in again.tables().items():
        np.testing.assert_allclose(
            values[:, 0], getattr(recorded, table)[:, slot], rtol=0, atol=1e-9
        )


@pytest.mark.parametrize("name", list(script.NETWORKS))
@pytest.mark.parametrize("epochs", [10, 20])
def test_a_recorded_trial_is_repeated(
    recording: Recording, images: tuple[LabelledImages, LabelledImages], name: str, epochs: int
) -> None:
    some = recording.trials[name]["feedback alignment, tuned"]
    trial = choose([trial for trial in some if trial.epochs == epochs])
    seed = {10: script.BRIEF, 20: script.FULL}[epochs][1][1]
    again = train_with_feedback(
        trial.rule, images[0], script.NETWORKS[name], seeds=(seed,), epochs=epochs,
        learning_rate=trial.learning_rate,
    )  # fmt: skip
    assert again.accuracies[-1, 0] == pytest.approx(trial.accuracies[1], abs=1e-4)


def test_the_tasks_share_no_image() -> None:
    _, labels = load_mnist()
    numbers = np.arange(len(labels), dtype=float)[:, np.newaxis]  # each image is its number
    sets = []
    for images in split_digits(numbers, labels):
        both = (images.X, images.X_test)  # less a mean, the same for both
        sets += [np.rint((part - images.X[0]).numpy().ravel()) for part in both]
        counts = np.bincount(images.labels_test.numpy())
        assert counts.max() - counts.min() <= 1
    learned, chosen, every, judged = sets
    assert [len(some) for some in sets] == [3200, 800, 4000, 1000]
    assert len({*learned, *chosen}) == 4000
    assert len({*every, *judged}) == 5000


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    X, labels = rng.standard_normal((40, 5)), np.arange(40) % 10
    images = LabelledImages(X, labels, X, labels)
    runs = {
        "a": train_with_feedback(
            FeedbackAlignment(length=1.5), images, (4,), seeds=(3, 1), epochs=2, batch_size=10
        )
    }
    trials = {
        "net": {
            "a": [
                Trial(FeedbackAlignment(length=1.5), 0.1, 10, np.array([0.5, 0.0])),
                Trial(InformationAlignment(beta=0.3), 0.2, 20, np.array([0.3, 0.3])),
            ]
        }
    }
    path = tmp_path / "record.json.gz"
    save_recording(Recording(trials, {"net": runs}, 12.3), path)
    read = load_recording(path)
    assert read.seconds == 12
    for found, trial in zip(read.trials["net"]["a"], trials["net"]["a"], strict=True):
        assert (found.rule, found.learning_rate) == (trial.rule, trial.learning_rate)
        assert found.epochs == trial.epochs
        np.testing.assert_array_equal(found.accuracies, trial.accuracies)
    assert [trial.n_broken for trial in read.trials["net"]["a"]] == [1, 0]
    assert choose(read.trials["net"]["a"]).learning_rate == 0.2
    found_runs, expected = read.runs["net"]["a"], runs["a"]
    for name in ("rule", "widths", "seeds", "epochs", "learning_rate", "batch_size"):
        assert getattr(found_runs, name) == getattr(expected, name)
    for name, table in expected.tables().items():
        np.testing.assert_array_equal(getattr(found_runs, name), table)
    first = path.read_bytes()
    save_recording(read, path)
    assert path.read_bytes() == first
