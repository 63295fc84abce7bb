"""How many MUST requirements a run establishes whose requests do not last: in the order of its plan, and in that of the suite."""

import tempfile
from collections.abc import Sequence
from contextlib import closing

import click
import msgspec

from batchproof import emulator
from batchproof.client import Options, Settings
from batchproof.contract import Contract
from batchproof.plan import Scenario, plan, planned, scenarios_of
from batchproof.running import Run
from batchproof.session import configure, foreseen

SHARES = (0.25, 0.5)


def established(
    contract: Contract, settings: Settings, scenarios: Sequence[Scenario], max_requests: int
) -> tuple[int, int]:
    """How many MUST requirements passed on the embedded emulator, and how many requests were sent."""
    with tempfile.TemporaryDirectory() as folder:
        run = Run(contract, msgspec.structs.replace(settings, output=folder, max_requests=max_requests))
        with closing(run.drive(scenarios, settings.workers)) as driving:
            for _ in driving:
                pass
        run.end(interrupted=False)
    assert run.results is not None
    assert run.history is not None
    return run.results.totals["MUST"]["passed"], len(run.history.exchanges)


def as_written(contract: Contract, settings: Settings) -> list[Scenario]:
    """The scenarios in the order of the suite: what must be allowed most comes first, what is generated last."""
    scenarios = planned(contract, settings, scenarios_of(contract))
    return sorted(scenarios, key=lambda item: (item.group == "generated", -item.inputs_at_stake(contract)))


def by_the_plan(contract: Contract, settings: Settings) -> list[Scenario]:
    """The scenarios in the order of the plan."""
    return [item.scenario for item in plan(contract, foreseen(contract, settings)).items]


@click.command()
@click.option(
    "--contract", "contracts", multiple=True, help="A contract; may be given again (default: all emulated)."
)
def main(contracts: tuple[str, ...]) -> None:
    """Print the passed MUST requirements with a quarter and a half of the requests of a whole run, and with all."""
    for name in contracts or emulator.contracts():
        contract, settings = configure(Options(contract=name, config=None), {})
        orders = [as_written(contract, settings), by_the_plan(contract, settings)]
        whole, most = established(contract, settings, orders[1], settings.max_requests)
        click.echo(f"{name}: {whole} with all {most:,} requests")
        for share in SHARES:
            limit = round(share * most)
            suite, planned_ = (established(contract, settings, order, limit)[0] for order in orders)
            click.echo(
                f"  {limit:,} requests ({share:.0%}): {planned_} in the order of the plan, {suite} in that of the suite"
            )


if __name__ == "__main__":
    main()
