"""Everything that is run for the matrices of some contracts, on several cores."""

import multiprocessing
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed

from batchproof import emulator
from batchproof.contract import load_contract
from batchproof.memory import collect_rarely
from batchproof.plan import Group, Scenario

from .cases import Case, Seen
from .drive import see
from .expectations import load_expectations
from .matrix import Matrix, compare


def run_case(case: Case, wanted: Callable[[Scenario], bool] = lambda _: True) -> Seen:
    """What is seen of one case, driven as its expectations say, by the scenarios that are ``wanted``.

    A real connection lies between the suite and what is healthy, or sends its answers in an unusual way; what an answer
    says shows without one.
    """
    expectations = load_expectations(case.contract)
    groups: tuple[Group, ...] = ("steady",)
    if case.kind in ("healthy", "core"):
        groups = ("steady", "random", "events", "generated")
    elif case.name in expectations.random:
        groups = ("random",)
    elif case.name in expectations.events:
        groups = ("events",)
    elif case.name in expectations.generated:
        groups = ("generated",)
    return see(
        case,
        groups=groups,
        large=case.kind not in ("fault", "variant") or case.name in expectations.large,
        socket=groups != ("steady",) or case.kind not in ("fault", "variant") or _is_of_transport(case),
        wanted=wanted,
    )


def _is_of_transport(case: Case) -> bool:
    app = emulator.create_app(case.contract, variants=case.variants)
    return bool(app.state.emulator.behaviour.middleware)


def run_all(
    cases: Sequence[Case], processes: int, progress: Callable[[Case, Seen], object] | None = None
) -> dict[Case, Seen]:
    """Runs every case; ``progress`` is told each one that is done. The result has the order of ``cases``."""
    seen: dict[Case, Seen] = {}
    for case, found in _done(cases, processes):
        seen[case] = found
        if progress is not None:
            progress(case, found)
    return {case: seen[case] for case in cases}


def _done(cases: Sequence[Case], processes: int) -> Iterable[tuple[Case, Seen]]:
    if processes == 1:
        yield from ((case, run_case(case)) for case in cases)
        return
    # a forked process would inherit the threads of this one
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=collect_rarely) as pool:
        waiting = {pool.submit(run_case, case): case for case in cases}
        for future in as_completed(waiting):
            yield waiting[future], future.result()


def matrix_of(contract: str, seen: Mapping[Case, Seen], *, whole: bool = True) -> Matrix:
    """The matrix of one contract from what was seen of its cases. Raises ``ExpectationsError``."""
    return compare(
        contract,
        load_contract(contract).requirements,
        emulator.faults(contract),
        emulator.variants(contract),
        load_expectations(contract),
        {case: found for case, found in seen.items() if case.contract == contract},
        whole=whole,
    )
