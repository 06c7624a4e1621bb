"""The commands by name. Parsing and exit codes live here; each command is one function of its own file."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError

from spinecourse import __version__
from spinecourse.cli import expect
from spinecourse.cli.assess import assess
from spinecourse.cli.demo import demo
from spinecourse.cli.draw import draw_body, draw_chances, draw_segment, draw_spine, draw_supply
from spinecourse.cli.evaluate import evaluate_cases, evaluate_following, evaluate_mechanisms
from spinecourse.cli.expect_patient import calculators, patient
from spinecourse.cli.follow import follow
from spinecourse.cli.forecast import forecast
from spinecourse.cli.isncsci import isncsci
from spinecourse.cli.knowledge import check, show
from spinecourse.cli.letter import letter
from spinecourse.cli.measures import check_in, list_instruments, score_file, show_instrument
from spinecourse.cli.pathway import pathway_ask, pathway_show
from spinecourse.cli.simulate import simulate_following
from spinecourse.errors import SpinecourseError, UserError

app = App(
    name="spinecourse",
    version=__version__,
    help="Reasoning about the course of spine pain: how fast to act, where the lesion sits, what kind of pain it is, "
    "and why. Decision support for clinicians; it does not replace their judgement.",
)
app.command(assess)
app.command(demo)
app.command(follow)
app.command(forecast)
app.command(isncsci)
app.command(letter)
app.command(App(name="draw", help="Draw a course as SVG on standard output."))
app["draw"].command(draw_spine, name="spine")
app["draw"].command(draw_body, name="body")
app["draw"].command(draw_segment, name="segment")
app["draw"].command(draw_supply, name="supply")
app["draw"].command(draw_chances, name="chances")
app.command(App(name="evaluate", help="Compare what the system says with known answers."))
app["evaluate"].command(evaluate_cases, name="cases")
app["evaluate"].command(evaluate_following, name="follow")
app["evaluate"].command(evaluate_mechanisms, name="mechanism")
app["evaluate"].command(expect.evidence, name="evidence")
app.command(App(name="expect", help="What is realistic: the expected course under each treatment, from the evidence."))
app["expect"].command(expect.arms, name="arms")
app["expect"].command(calculators)
app["expect"].command(patient)
app["expect"].command(expect.update, name="update")
app.command(App(name="pathway", help="What next: options with their standing, and whether surgery's turn has come."))
app["pathway"].command(pathway_show, name="show")
app["pathway"].command(pathway_ask, name="ask")
app.command(App(name="simulate", help="Write simulated patients, to try things on."))
app["simulate"].command(simulate_following, name="follow")
app.command(App(name="knowledge", help="Look up and check the tables that every answer rests on."))
app["knowledge"].command(check)
app["knowledge"].command(show)
app.command(App(name="measures", help="Questionnaires: what they measure, how they are scored, and their scores."))
app["measures"].command(list_instruments, name="list")
app["measures"].command(show_instrument, name="show")
app["measures"].command(score_file, name="score")
app["measures"].command(check_in)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit with its code: 0 done, otherwise the code of the error's class."""
    try:
        code = app(list(sys.argv[1:] if arguments is None else arguments), exit_on_error=False, print_error=True)
    except CycloptsError:
        code = UserError.exit_code
    except SpinecourseError as error:
        print(error, file=sys.stderr)
        code = error.exit_code
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:
        # The reader went away (a pager was closed): not an error; keep Python from complaining when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code or 0)


if __name__ == "__main__":
    main()
