"""What all unit tests share: builders, and a server of an invented vendor with its contract."""

import dataclasses
import importlib.util
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, settings

from batchproof.client import Target
from batchproof.contract import Contract, load_contract
from batchproof.contract.model import Capability
from batchproof.drive import Api, Client, Prober
from batchproof.emulator import Server
from batchproof.history import Footer, History, HistoryWriter, Redactor, read_history
from batchproof.judging import invariants, shape
from batchproof.judging.memo import Memo
from batchproof.places import schemas_dir
from batchproof.session import Endpoint, Session

HERE = Path(__file__).parent
# made once a process: mutation runs start a pytest session for each mutant, in forks of a process that had one
_KEPT: dict[str, Any] = {}

# no test may depend on how fast the machine is, or on what an earlier run found
settings.register_profile(
    "unit", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("unit")


def _load(name: str, file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session", autouse=True)
def _no_memo() -> None:
    """What the judge remembers would hide a mutant from the tests of its fork."""
    invariants._GROUPS.clear()
    shape._MEMOS.clear()
    shape._NUMBERS = Memo()


@pytest.fixture(scope="session")
def build() -> ModuleType:
    """``building.py``: contracts, exchanges and histories, made by hand."""
    return _load("batchproof_unit_building", HERE / "building.py")


@pytest.fixture(scope="session")
def papers() -> ModuleType:
    """``vendor/server.py``: the server of the invented vendor."""
    return _load("batchproof_unit_papers", HERE / "vendor" / "server.py")


@pytest.fixture(scope="session")
def defects() -> ModuleType:
    """``vendor/defects.py``: what can be wrong with that server."""
    return _load("batchproof_unit_defects", HERE / "vendor" / "defects.py")


@pytest.fixture(scope="session")
def acme(build: ModuleType) -> Contract:
    """The contract of the invented vendor."""
    return load_contract(str(build.ACME))


@pytest.fixture(scope="session")
def installed() -> Callable[[str], Contract]:
    """The contracts that are installed, by id."""
    return lambda name: kept(name, lambda: load_contract(name))


@pytest.fixture(scope="session")
def extend(installed: Callable[[str], Contract]) -> Contract:
    """A large contract, which has webhooks."""
    return installed("extend/2026-02-09")


def kept(name: str, make: Callable[[], Any]) -> Any:
    if name not in _KEPT:
        _KEPT[name] = make()
    return _KEPT[name]


@pytest.fixture
def parted(acme: Contract) -> Contract:
    """The contract of the invented vendor, of which a server may leave out documents or batches."""
    capabilities = {
        "documents": Capability(about="Documents.", operations=["*_document*"], rows=["document.language"]),
        "batches": Capability(
            about="Batches of documents.",
            operations=["*_batch"],
            rows=["list_documents.complete", "document.batch"],
        ),
    }
    return dataclasses.replace(
        acme, manifest=msgspec.structs.replace(acme.manifest, capabilities=capabilities)
    )


@pytest.fixture(scope="session")
def recorded(
    build: ModuleType, papers: ModuleType, acme: Contract, tmp_path_factory: pytest.TempPathFactory
) -> History:
    """What a short run against the invented vendor's server, which keeps its contract, put on record."""
    server = papers.Papers(build.TOKEN)
    return kept("recorded", lambda: record(build, server, acme, tmp_path_factory.mktemp("recorded")))


@pytest.fixture(scope="session")
def recorded_broken(
    build: ModuleType,
    papers: ModuleType,
    defects: ModuleType,
    acme: Contract,
    tmp_path_factory: pytest.TempPathFactory,
) -> History:
    """The same run against a server with several defects."""
    server = papers.Papers(build.TOKEN)
    for spoil in (
        defects.too_many_documents_accepted,
        defects.states_that_nobody_documents,
        defects.a_row_lost_on_every_page,
    ):
        spoil(server)
    return kept("broken", lambda: record(build, server, acme, tmp_path_factory.mktemp("broken")))


def record(build: ModuleType, papers: Any, acme: Contract, folder: Path) -> History:
    with Server(papers.app) as server:
        endpoint = Endpoint(
            url=server.url, label="papers", origin=time.monotonic(), started_at="2026-01-01T00:00:00Z"
        )
        # the server's time is the number of looks at it, so that time need not pass to be over
        session = Session(
            acme, build.settings(acme, base_url=server.url), folder, endpoint, pause=lambda _: None
        )
        session.start()
        assert session.api is not None
        flow = acme.flows["papers"]
        for kinds in (["document"] * 3, ["document", "failing"]):
            batch = session.api.submit(flow, kinds)
            session.api.poll_until_terminal(flow.read, batch)
            session.api.pause(1.5)
            rows = session.api.traverse(flow.list, batch)
            for ref in session.api.refs(flow.list, rows):
                session.api.read(flow.read_run, ref)
            session.api.read(flow.read, batch)
            session.api.traverse(flow.list, batch, size=1)
        for name in acme.probes:
            if name != "other-customer":
                Prober(session.api).send(name)
        session.close()
    return read_history(folder / "history.ndjson")


@pytest.fixture
def write_history(tmp_path: Path) -> Callable[..., Path]:
    """Writes events with a redactor for ``secrets`` and gives the file."""
    numbers = iter(range(1_000))

    def write(events: list[Any], secrets: dict[str, str] | None = None, *, footer: bool = True) -> Path:
        file = tmp_path / f"written-{next(numbers)}.ndjson"
        writer = HistoryWriter(file, Redactor(secrets or {}))
        for event in [*events, *([Footer(ended=1.0, exchanges=writer.exchanges)] if footer else [])]:
            writer.write(event)
        writer.close()
        return file

    return write


@pytest.fixture
def make_target(build: ModuleType, acme: Contract, tmp_path: Path) -> Iterator[Callable[..., Target]]:
    """Makes targets of the invented vendor whose server is a function; they record in ``history.ndjson``."""
    with ExitStack() as stack:

        def make(handler: Any, *, contract: Contract = acme, **changes: Any) -> Target:
            chosen = build.settings(contract, **changes)
            file = tmp_path / "history.ndjson"
            file.unlink(missing_ok=True)
            writer = stack.enter_context(closing(HistoryWriter(file, Redactor(chosen.secrets))))
            return stack.enter_context(build.target(contract, writer, handler, chosen))

        yield make


@pytest.fixture
def make_api(make_target: Callable[..., Target], acme: Contract) -> Callable[..., Api]:
    """Makes the API of a server that is a function."""

    def make(handler: Any, *, contract: Contract = acme, **changes: Any) -> Api:
        target = make_target(handler, contract=contract, **changes)
        return Api(Client(contract, target.settings, target))

    return make


@pytest.fixture(scope="session")
def history_schema() -> dict[str, Any]:
    """``schemas/batchproof/history.json``."""
    schema: dict[str, Any] = json.loads((schemas_dir() / "batchproof" / "history.json").read_text("utf-8"))
    return schema
