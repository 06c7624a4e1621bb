"""Probabilities said of simulated patients, beside the lesion each was drawn with."""

from __future__ import annotations

from spinecourse.assess.evaluation import same_site
from spinecourse.localise import posterior
from spinecourse.localise.hypotheses import hypotheses
from spinecourse.localise.ranking import rank_sites
from spinecourse.simulate import simulate_batch

PATIENTS, SEED = 2000, 20261122


def simulated_predictions() -> list[tuple[float, bool]]:
    """For every site said of every simulated patient, its probability and whether it was one of the true sites."""
    simulated = simulate_batch(PATIENTS, SEED)
    found = posterior(simulated.batch)
    predictions = []
    for row, number in enumerate(simulated.lesions):
        true = hypotheses()[int(number)].parts
        for site in rank_sites(found[row]):
            predictions.append((site.probability, any(same_site(site.site, part) for part in true)))
    return predictions
