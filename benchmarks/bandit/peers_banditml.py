"""banditml 1.0.2, which last changed in 2021, behind a shim for today's libraries."""

from __future__ import annotations

import json
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from functools import cache
from io import StringIO
from typing import Any

import numpy as np

from benchmarks.bandit.peers_learner import Reports, SplittingLearner, even
from benchmarks.bandit.world import Flags, Floats, Ints, Setting


@cache
def shimmed() -> Any:
    """banditml's trainer, with the four names back that its dependencies dropped.

    pandas no longer has iteritems, scikit-learn renamed OneHotEncoder's `sparse`, skorch
    renamed CVSplit, and pandas' Arrow strings can't be reshaped.
    """
    import pandas as pd
    import skorch.dataset
    from sklearn import preprocessing

    pd.DataFrame.iteritems = pd.DataFrame.items
    skorch.dataset.CVSplit = skorch.dataset.ValidSplit
    from banditml.preprocessing import preprocessor
    from banditml.training import trainer

    encoder = preprocessing.OneHotEncoder

    class Encoders:
        """scikit-learn's preprocessing, as banditml knew it."""

        StandardScaler = preprocessing.StandardScaler

        @staticmethod
        def OneHotEncoder(sparse: bool) -> Any:  # noqa: N802, FBT001 (banditml's call)
            return encoder(sparse_output=sparse)

    preprocessor.preprocessing = Encoders
    return trainer


@contextmanager
def old_pandas() -> Iterator[None]:
    """Strings as objects, and silence."""
    import pandas as pd

    logging.disable(logging.CRITICAL)
    try:
        with (
            pd.option_context("future.infer_string", False),  # noqa: FBT003
            warnings.catch_warnings(),
            redirect_stdout(StringIO()),
        ):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(logging.NOTSET)


@dataclass(slots=True, kw_only=True, eq=False)
class BanditMl(SplittingLearner):
    """Its gradient-boosted trees with ε-greedy around them, which it leaves to the caller.

    It has neither counts nor weights nor updates: it is trained anew on all impressions,
    every `every` reports, and its scores of each cell are kept until then. Scores come
    rounded to four decimals.
    """

    setting: Setting
    seed: int
    epsilon: float
    trees: int = 100
    depth: int = 3
    rate: float = 0.1
    every: int = 7
    kind: str = "gbdt_bandit"
    history: list[tuple[Ints, Ints, Ints]] = field(default_factory=list)
    reports: int = 0
    scores: Floats | None = None

    def learn(self, reports: Reports) -> None:
        self.history.append(reports.one_by_one())
        if self.reports % self.every == 0:
            self._train()
        self.reports += 1

    def shares(self, live: Flags, rng: np.random.Generator) -> Floats:
        spread = even(len(self.setting.market), live)
        if self.scores is None:
            return spread
        best = np.where(live, self.scores, -1.0).argmax(axis=1)
        greedy = np.eye(len(live))[best]
        return np.asarray(self.epsilon * spread + (1 - self.epsilon) * greedy)

    def _train(self) -> None:
        cells, variants, clicks = map(np.concatenate, zip(*self.history, strict=True))
        self.history = [(cells, variants, clicks)]
        if clicks.sum() < 10:
            return
        tried = sorted({f"v{variant}" for variant in variants})
        self.scores = np.zeros((len(self.setting.market), len(self.setting.attributes)))
        # It splits its data by the global generator.
        np.random.seed(self.seed)  # noqa: NPY002, TID251
        with old_pandas():
            predictor = shimmed().train(self._frame(cells, variants, clicks), *self._config())
            for cell in range(len(self.scores)):
                said = predictor.predict(self._context(cell), choices=tried)
                columns = [int(name[1:]) for name in said["ids"]]
                self.scores[cell, columns] = said["scores"]

    def _context(self, cell: int) -> dict[str, str]:
        return {
            "market": f"m{self.setting.market[cell]}",
            "segment": f"s{self.setting.segment[cell]}",
        }

    def _frame(self, cells: Ints, variants: Ints, clicks: Ints) -> Any:
        import pandas as pd

        context = np.array(
            [json.dumps(self._context(c)) for c in range(len(self.setting.market))]
        )
        return pd.DataFrame(
            {
                "mdp_id": np.arange(len(cells)).astype(str),
                "sequence_number": 0,
                "context": context[cells].astype(object),
                "decision": np.array([f"v{v}" for v in variants], dtype=object),
                "reward": clicks.astype(float),
            }
        )

    def _config(self) -> tuple[dict[str, Any], dict[str, Any]]:
        ml = {
            "features": {"features_to_use": ["*"], "dense_features_to_use": ["*"]},
            "model_type": self.kind,
            "reward_type": "binary",
            "model_params": {
                self.kind: {
                    "learning_rate": self.rate,
                    "n_estimators": self.trees,
                    "max_depth": self.depth,
                }
            },
            "train_percent": 0.9,
        }
        names = [f"v{variant}" for variant in range(len(self.setting.attributes))]
        categorical = {"type": "C"}
        features = {
            "choices": names,
            "features": {
                "market": categorical, "segment": categorical, "decision": categorical,
            },
            "product_sets": {},
        }  # fmt: skip
        return ml, features
