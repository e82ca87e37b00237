"""What `obp` 0.5.7 says of the same logs; run by its own Python, called by `off_policy.py`.

    python off_policy_peer.py INPUT.npz OUTPUT.json

It needs `pip install --no-deps --ignore-requires-python obp==0.5.7` with pandas<2, numpy<2,
scipy, scikit-learn, matplotlib, seaborn, tqdm, PyYAML and torch: its own pins can't be met on
Python 3.11.
"""

import json
import sys

import numpy as np
from obp.ope import (
    DirectMethod,
    DoublyRobust,
    InverseProbabilityWeighting,
    SelfNormalizedDoublyRobust,
    SelfNormalizedInverseProbabilityWeighting,
)
from obp.ope.helper import estimate_bias_in_ope

CLIP = 2.0


def judged(log):
    """Every estimator's value, and bootstrap ends of three."""
    given = {
        "reward": log["clicks"],
        "action": log["arm"],
        "pscore": log["propensity"],
        "position": log["position"],
        "action_dist": log["target"],
        "estimated_rewards_by_reg_model": log["rates"],
    }
    estimators = {
        "IPS": InverseProbabilityWeighting(),
        "SNIPS": SelfNormalizedInverseProbabilityWeighting(),
        "DM": DirectMethod(),
        "DR": DoublyRobust(),
        "SNDR": SelfNormalizedDoublyRobust(),
        "IPS clipped": InverseProbabilityWeighting(lambda_=CLIP),
        "DR clipped": DoublyRobust(lambda_=CLIP),
    }
    values = {
        name: float(one.estimate_policy_value(**given)) for name, one in estimators.items()
    }
    weight = (
        log["target"][np.arange(len(log["arm"])), log["arm"], log["position"]]
        / log["propensity"]
    )
    values["bias of IPS clipped"] = -float(
        estimate_bias_in_ope(log["clicks"], weight, np.minimum(weight, CLIP))
    )
    ends = {}
    for name in ("IPS", "SNIPS", "DR"):
        found = estimators[name].estimate_interval(
            **given, n_bootstrap_samples=2000, random_state=0
        )
        ends[name] = [float(v) for key, v in found.items() if key != "mean"]
    return {"values": values, "ends": ends}


def main():
    """Answer for every log of the input."""
    given = np.load(sys.argv[1])
    names = sorted({key.split("/")[0] for key in given.files})
    answers = {
        name: judged(
            {k.split("/")[1]: given[k] for k in given.files if k.startswith(name + "/")}
        )
        for name in names
    }
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(answers, file)


if __name__ == "__main__":
    main()
