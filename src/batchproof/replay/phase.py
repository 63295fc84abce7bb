"""After a run that found something: makes each finding small, sends it again, and puts on record what came of it."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import msgspec

from batchproof import interruption
from batchproof.client import Settings
from batchproof.contract import Contract
from batchproof.drive import Api, Unmet
from batchproof.failing import EXIT_INTERRUPTED
from batchproof.folders import HISTORY, SCRIPTS
from batchproof.history import Exchange, History, Reproduction, read_history
from batchproof.history.events import ReproductionOutcome
from batchproof.history.inert import inert
from batchproof.judging import Bar, Finding, Results, day_of, judge
from batchproof.parts import cut_off, part_of
from batchproof.replay.patience import patience
from batchproof.replay.performing import perform
from batchproof.replay.reducing import Reducer, fewest, shows
from batchproof.replay.script import Script, script_of, to_json
from batchproof.replay.simplifying import simplified
from batchproof.replay.specific import specific
from batchproof.report import write_reports, write_whole
from batchproof.session import REPLAY, Endpoint, Session

# a script, and the exchanges that it repeats
_Again = tuple[Script, list[Exchange]]

MOST_FINDINGS = {"quick": 0, "core": 10, "full": 50}
_MOST_ATTEMPTS = 30
_MOST_ATTEMPTS_HERE = 150
# elsewhere each attempt may have documents processed that somebody pays for
_MOST_BILLED_ATTEMPTS = 5
_HERE = frozenset({"127.0.0.1", "localhost", "::1"})
_LONGEST_SCRIPT = 200
_LONGEST_DESCRIBED = 120


def conclude(
    contract: Contract, settings: Settings, endpoint: Endpoint, folder: Path
) -> tuple[Results, History]:
    """Judges the history in ``folder``, sends again what it found, and writes the reports. Raises ``OSError``."""
    with interruption.held():
        # a signal that comes from here on is too late: what the run has come to is decided
        results, history = _judged(contract, settings, endpoint, folder)
        if history.footer is not None and history.footer.interrupted:
            results = msgspec.structs.replace(results, exit_code=EXIT_INTERRUPTED)
        write_reports(folder, contract, results, history)
        write_scripts(folder, contract, results, history)
    return results, history


def _judged(
    contract: Contract, settings: Settings, endpoint: Endpoint, folder: Path
) -> tuple[Results, History]:
    """The judgement; where the run is told to end meanwhile, that of a history which says so."""
    if not interruption.received():
        try:
            history = read_history(folder / HISTORY)
            with interruption.held(False):
                results = _by_bar(contract, settings, history)
            # a server that is away is not asked again
            asks = history.whole and history.halt is None
            if asks and reproduce(contract, settings, endpoint, folder, history, results):
                history = read_history(folder / HISTORY)
                with interruption.held(False):
                    results = _by_bar(contract, settings, history)
        except KeyboardInterrupt:
            pass
        else:
            if not interruption.received():
                return results, history
        cut_off(folder)
    history = read_history(folder / HISTORY)
    return _by_bar(contract, settings, history), history


def _by_bar(contract: Contract, settings: Settings, history: History) -> Results:
    return judge(contract, history, Bar(settings.strict, settings.expected, day_of(history.header)))


def write_scripts(folder: Path, contract: Contract, results: Results, history: History) -> None:
    """Writes ``replays/<fingerprint>.json`` for every finding whose smallest evidence is on record. Raises ``OSError``."""
    reducer: Reducer | None = None
    for requirement, finding in findings_of(results):
        if finding.reproduction is not None and finding.reproduction.exchanges:
            reducer = reducer or Reducer(contract, history.exchanges, history.header.started_at)
            (folder / SCRIPTS).mkdir(exist_ok=True)
            steps = reducer.named(finding.reproduction.exchanges)
            script = None
            # whatever is wrong with it: a report without this script is better than none
            with suppress(Exception):
                script = script_of(
                    contract, history.header.target, requirement, finding, steps, reducer.links
                )
            if script is not None:
                content = inert(to_json(script).decode()).encode()
                write_whole(folder / SCRIPTS / f"{finding.fingerprint}.json", content)


def findings_of(results: Results) -> Iterator[tuple[str, Finding]]:
    """What the server is to blame for, MUST first, with its requirement; unstable comes late, expected last."""
    for row in sorted([*results.failed, *results.unstable], key=lambda row: row.expected):
        for finding in row.findings:
            if finding.blame == "server":
                yield row.id, finding


def reproduce(
    contract: Contract,
    settings: Settings,
    endpoint: Endpoint,
    folder: Path,
    history: History,
    results: Results,
) -> bool:
    """Sends the findings of a run again, within what its limits leave; whether that added anything to its history."""
    # what was sent again before the run was killed need not be once more
    tried = {(item.requirement, item.fingerprint) for item in history.reproductions}
    first = list(findings_of(results))[: MOST_FINDINGS[settings.profile]]
    chosen = [(name, finding) for name, finding in first if (name, finding.fingerprint) not in tried]
    if not chosen:
        return False
    poll_timeout_s = min(settings.poll_timeout_s, patience(contract, history))
    with part_of(folder):
        session = Session(
            contract,
            msgspec.structs.replace(settings, webhook=None, poll_timeout_s=poll_timeout_s),
            folder,
            msgspec.structs.replace(endpoint, registers=False),
            before=history,
        )
        try:
            with interruption.held(False):
                session.start(REPLAY)
                if session.trouble is None and session.api is not None:
                    _reproduce(session, session.api, history, chosen)
        finally:
            session.close(interrupted=interruption.received())
    return True


def _reproduce(session: Session, api: Api, history: History, chosen: list[tuple[str, Finding]]) -> None:
    """Puts on record what came of each finding; one that nothing can be made of is left without a script."""
    phase: Phase | None = None
    for requirement, finding in chosen:
        api.client.scenario = f"replay {finding.fingerprint}"
        try:
            phase = phase or Phase(api, history)
            reproduction = phase.reproduction(requirement, finding)
        except Exception as error:
            if session.unwritable is not None:
                raise
            reproduction = Reproduction(
                requirement=requirement,
                fingerprint=finding.fingerprint,
                outcome="not_tried",
                detail=f"batchproof could not make it small ({_described(error)}); this is a defect of batchproof",
                exchanges=[],
            )
        session.note(reproduction)


def _described(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:_LONGEST_DESCRIBED]


class Phase:
    """Reproduces the findings of one history on the server that it came from."""

    def __init__(self, api: Api, history: History) -> None:
        self._api = api
        self._history = history
        self._reducer = Reducer(api.contract, history.exchanges, history.header.started_at)

    def reproduction(self, requirement: str, finding: Finding) -> Reproduction:
        """Whether the smallest evidence, or else that with what its scenario had sent before, shows the finding again."""
        smallest = self._reducer.smallest(requirement, finding)
        if not smallest:
            return Reproduction(
                requirement=requirement,
                fingerprint=finding.fingerprint,
                outcome="not_tried",
                detail="requests alone do not show it",
                exchanges=[],
            )
        trial = _Trial(self._api, requirement, finding, self._history.header.started_at)
        outcome: ReproductionOutcome = "unstable"
        detail, steps = None, smallest
        try:
            again = self._again(trial, requirement, finding, smallest)
            if again is not None:
                outcome = "reproduced"
                script, steps = again
                steps = self._simpler(trial, script) or steps
        except Unmet as unmet:
            outcome, detail = "not_tried", f"{unmet.reason}: {unmet.detail}"
        return Reproduction(
            requirement=requirement,
            fingerprint=finding.fingerprint,
            outcome=outcome,
            detail=detail,
            exchanges=[exchange.id for exchange in steps],
        )

    def _script(self, requirement: str, finding: Finding, exchanges: list[Exchange]) -> Script:
        target = self._history.header.target
        return script_of(self._api.contract, target, requirement, finding, exchanges, self._reducer.links)

    def _specific(self, requirement: str, finding: Finding, exchanges: list[Exchange]) -> Script:
        return specific(self._api.contract, self._script(requirement, finding, exchanges), exchanges)

    def _again(
        self, trial: "_Trial", requirement: str, finding: Finding, smallest: list[Exchange]
    ) -> _Again | None:
        """What shows the finding when it is sent again; None where neither the evidence nor more of its scenario does."""
        script = self._script(requirement, finding, smallest)
        if trial.shows(script):
            return script, smallest
        tried = [script]
        for wider in self._reducer.wider(smallest):
            for write in (self._specific, self._script):
                script = write(requirement, finding, wider)
                if script in tried:
                    continue
                tried.append(script)
                if trial.shows(script):
                    return self._fewer(trial, partial(write, requirement, finding), requirement, wider)
        return None

    def _fewer(
        self,
        trial: "_Trial",
        write: Callable[[list[Exchange]], Script],
        requirement: str,
        exchanges: list[Exchange],
    ) -> _Again:
        """As few of ``exchanges`` as still show the finding when what is written of them is sent."""
        known: dict[frozenset[str], bool] = {frozenset(item.id for item in exchanges): True}

        def enough(some: list[Exchange]) -> bool:
            closed = self._reducer.closed(some)
            key = frozenset(item.id for item in closed)
            if key not in known:
                known[key] = trial.still(write(closed))
            return known[key]

        kept = self._reducer.described(requirement, fewest(self._reducer.by_worth(exchanges), enough))
        script = write(kept)
        if [step.operation for step in script.steps] == [item.operation for item in kept]:
            return script, kept
        # what was sent in the place of lists is in no exchange yet
        trial.answers = []
        trial.shows(script)
        return script, trial.answers or kept

    def _simpler(self, trial: "_Trial", script: Script) -> list[Exchange]:
        """The answers to the same requests with smaller bodies; none where no smaller ones show the finding."""
        trial.answers = []
        trial.at_most(_MOST_ATTEMPTS)
        simplified(self._api.contract, script, trial.still)
        return trial.answers


class _Trial:
    """Sends scripts that may show one finding, within a number of attempts. ``answers`` are those to the last that did."""

    def __init__(self, api: Api, requirement: str, finding: Finding, started_at: str) -> None:
        self._api = api
        self._started_at = started_at
        self._requirement = requirement
        self._fingerprint = finding.fingerprint
        self._left = _MOST_ATTEMPTS_HERE if api.host in _HERE else _MOST_ATTEMPTS
        self._billed = self._left if api.host in _HERE else _MOST_BILLED_ATTEMPTS
        self.answers: list[Exchange] = []

    def shows(self, script: Script) -> bool:
        """Whether the requests of ``script`` show the finding. Raises ``Unmet`` when a limit of the run forbids them."""
        if len(script.steps) > _LONGEST_SCRIPT:
            return False
        # on the embedded emulator waiting costs nothing; elsewhere there are too many attempts for it
        performance = perform(
            self._api,
            script,
            patient=self._api.settings.base_url is None,
            started_at=self._started_at,
        )
        if self._found(performance.answers):
            self.answers = performance.answers
            return True
        return len(performance.exchanges) > len(performance.answers) and self._found(performance.exchanges)

    def _found(self, sent: list[Exchange]) -> bool:
        return shows(self._api.contract, sent, self._requirement, self._fingerprint, self._started_at)

    def at_most(self, attempts: int) -> None:
        """Allows no more than ``attempts`` from now on."""
        self._left = min(self._left, attempts)

    def still(self, script: Script) -> bool:
        """The same, but no when the attempts are spent or a limit of the run forbids another: what was found stands."""
        self._left -= 1
        self._billed -= script.documents > 0
        if self._left < 0 or self._billed < 0:
            return False
        try:
            return self.shows(script)
        except Unmet:
            return False
