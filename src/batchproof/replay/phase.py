"""After a run that found something: makes each finding small, sends it again, and puts on record what came of it."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from batchproof.contract import Contract
from batchproof.drive import Api, Unmet
from batchproof.history import Exchange, History, Reproduction, read_history
from batchproof.history.events import ReproductionOutcome
from batchproof.judge import Finding, Results, judge
from batchproof.judge.sightings import accepted
from batchproof.replay.performing import perform
from batchproof.replay.reducing import Reducer, fewest
from batchproof.replay.script import Script, documents_of, script_of, to_json
from batchproof.report import write_reports, write_whole
from batchproof.session import HISTORY, Place, Session, shard_of
from batchproof.target import Settings

SCRIPTS = "replays"
MOST_FINDINGS = {"quick": 0, "core": 10, "full": 50}
_MOST_ATTEMPTS = 40
_LONGEST_SCRIPT = 200


def conclude(contract: Contract, settings: Settings, place: Place, folder: Path) -> tuple[Results, History]:
    """Judges the history in ``folder``, sends again what it found, and writes the reports. Raises ``OSError``."""
    history = read_history(folder / HISTORY)
    results = judge(contract, history)
    if history.whole and reproduce(contract, settings, place, folder, history, results):
        history = read_history(folder / HISTORY)
        results = judge(contract, history)
    write_reports(folder, results, history)
    write_scripts(folder, contract, results, history)
    return results, history


def write_scripts(folder: Path, contract: Contract, results: Results, history: History) -> None:
    """Writes ``replays/<fingerprint>.json`` for every finding whose smallest evidence is on record. Raises ``OSError``."""
    reducer: Reducer | None = None
    for requirement, finding in findings_of(results):
        if finding.reproduction is not None:
            reducer = reducer or Reducer(contract, history.exchanges)
            (folder / SCRIPTS).mkdir(exist_ok=True)
            steps = reducer.named(finding.reproduction.exchanges)
            script = script_of(contract, history.header.target, requirement, finding, steps, reducer.links)
            write_whole(folder / SCRIPTS / f"{finding.fingerprint}.json", to_json(script))


def findings_of(results: Results) -> Iterator[tuple[str, Finding]]:
    """What the server is to blame for, MUST first, with its requirement."""
    for row in results.failed:
        for finding in row.findings:
            if finding.blame == "server":
                yield row.id, finding


def reproduce(
    contract: Contract, settings: Settings, place: Place, folder: Path, history: History, results: Results
) -> bool:
    """Sends the findings of a run again, within what its limits leave; whether that added anything to its history."""
    chosen = list(findings_of(results))[: MOST_FINDINGS[settings.profile]]
    if not chosen:
        return False
    spent = sum(documents_of(contract, item) for item in history.exchanges if accepted(contract, item))
    left = msgspec.structs.replace(
        settings,
        max_requests=max(1, settings.max_requests - len(history.exchanges)),
        max_runs=max(0, settings.max_runs - spent),
    )
    with shard_of(folder, contract, place.applied(settings), place):
        session = Session(contract, left, folder, place)
        try:
            session.start("replay")
            if session.trouble is None and session.api is not None:
                phase = Phase(session.api, history)
                for requirement, finding in chosen:
                    session.api.scenario = f"replay {finding.fingerprint}"
                    session.note(phase.reproduction(requirement, finding))
        finally:
            session.close()
    return True


class Phase:
    """Reproduces the findings of one history on the server that it came from."""

    def __init__(self, api: Api, history: History) -> None:
        self._api = api
        self._history = history
        self._reducer = Reducer(api.contract, history.exchanges)

    def reproduction(self, requirement: str, finding: Finding) -> Reproduction:
        """Whether the smallest evidence, or else all that its scenario had sent, shows the finding again."""
        smallest = self._reducer.smallest(requirement, finding)
        outcome: ReproductionOutcome = "unstable"
        detail, steps = None, smallest
        try:
            if not self._shows_again(requirement, finding, smallest):
                whole = self._reducer.before(finding)
                if len(whole) > len(smallest) and self._shows_again(requirement, finding, whole):
                    steps, outcome = self._fewer(requirement, finding, whole), "reproduced"
            else:
                outcome = "reproduced"
        except Unmet as unmet:
            outcome, detail = "not_tried", f"{unmet.reason}: {unmet.detail}"
        return Reproduction(
            requirement=requirement,
            fingerprint=finding.fingerprint,
            outcome=outcome,
            detail=detail,
            exchanges=[exchange.id for exchange in steps],
        )

    def script(self, requirement: str, finding: Finding, exchanges: list[Exchange]) -> Script:
        """The script that sends ``exchanges`` again."""
        return script_of(
            self._api.contract,
            self._history.header.target,
            requirement,
            finding,
            exchanges,
            self._reducer.links,
        )

    def _shows_again(self, requirement: str, finding: Finding, exchanges: list[Exchange]) -> bool:
        if len(exchanges) > _LONGEST_SCRIPT:
            return False
        return perform(self._api, self.script(requirement, finding, exchanges)).outcome == "wrong"

    def _fewer(self, requirement: str, finding: Finding, exchanges: list[Exchange]) -> list[Exchange]:
        """As few of ``exchanges`` as still show the finding when they are sent."""
        attempts = iter(range(_MOST_ATTEMPTS))

        def enough(some: list[Exchange]) -> bool:
            if next(attempts, None) is None:
                return False
            try:
                return self._shows_again(requirement, finding, self._reducer.closed(some))
            except Unmet:
                # what was found so far stands; the limit is told by whoever asks next
                return False

        return self._reducer.closed(fewest(exchanges, enough))
