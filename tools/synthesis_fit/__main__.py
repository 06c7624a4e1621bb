"""``make fit``: fit the synthesis anew and put its draws into the package."""

from __future__ import annotations

import argparse
import os
import time

os.environ.setdefault(
    "OPENBLAS_NUM_THREADS", "1"
)  # chains run beside each other; threads within one only get in the way

from synthesis_fit.sample import diagnostics, effect_draws, nuts, thinned, use_cores

SEED = 20261122


def main() -> None:
    """Settle, sample, check, ship."""
    reader = argparse.ArgumentParser(description="Fit the synthesis and write its posterior draws.")
    reader.add_argument("--chains", type=int, default=4)
    reader.add_argument("--warmup", type=int, default=80)
    reader.add_argument("--draws", type=int, default=200, help="draws of each chain")
    reader.add_argument("--ship", type=int, default=1000, help="draws to ship")
    asked = reader.parse_args()
    use_cores(1)
    from synthesis_fit.laplace import spread
    from synthesis_fit.mode import settle  # JAX must hear of the cores before anything is computed
    from synthesis_fit.predictive import posterior_predictive
    from synthesis_fit.ship import ship

    begun = time.monotonic()
    linear, _, best = settle()
    found = nuts(linear, best.place, spread(best, linear.moving), asked.chains, asked.warmup, asked.draws, SEED)
    told: dict[str, object] = {**diagnostics(found)}
    drawn = thinned(found, asked.ship)
    effects = effect_draws(linear, drawn, SEED)
    told |= posterior_predictive(linear, drawn, effects)
    told |= {"sampler": f"NUTS, {asked.chains} chains of {asked.draws} after {asked.warmup}"}
    told |= {"figures": len(linear.rows.observed), "studies": int(linear.rows.data.series_study.max()) + 1}
    ship(linear, drawn, effects, SEED, told)
    print(told, f"{time.monotonic() - begun:.0f} s", sep="\n")


if __name__ == "__main__":
    main()
