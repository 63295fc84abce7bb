"""Requests that are let in although they are wrong."""

from collections.abc import Callable

from batchproof.emulator.exchange import Call
from batchproof.emulator.extend_2025_04_21.behaviour import Behaviour
from batchproof.emulator.extend_2025_04_21.plants import registry
from batchproof.emulator.extend_common.verbs import accept
from batchproof.emulator.verbs import said_members

fault = registry.fault


@fault("create-accepts-broken-off", breaks="create_processor_run.request")
def accepts_broken_off(behaviour: Behaviour) -> None:
    """Run Processor, Request: a body in JSON; here one that breaks off is accepted."""

    def breaks_off(call: Call) -> bool:
        body = call.body.strip()
        return body.startswith(b"{") and not body.endswith(b"}")

    _accept(behaviour, breaks_off, refused=(400,))


@fault(
    "create-accepts-file-without-source",
    breaks="create_processor_run.file.source",
    collateral={
        "The run that is made up does not show the file that was given.": ["processor_run.files.name"]
    },
)
def accepts_file_without_source(behaviour: Behaviour) -> None:
    """Run Processor, file: fileUrl or fileId; here neither is needed."""

    def sourceless(call: Call) -> bool:
        file = said_members(call).get("file")
        return isinstance(file, dict) and not {"fileUrl", "fileId"} & {key for key, x in file.items() if x}

    _accept(behaviour, sourceless)


@fault("metadata-of-any-type-accepted", breaks="request.wrong_type")
def metadata_of_any_type_accepted(behaviour: Behaviour) -> None:
    """Run Processor, metadata: an object; here a value of any type is accepted."""
    _accept(
        behaviour,
        lambda call: not isinstance(said_members(call).get("metadata"), dict | None),
        refused=(400,),
    )


def _accept(
    behaviour: Behaviour, when: Callable[[Call], bool], *, refused: tuple[int, ...] = (400, 404)
) -> None:
    accept(behaviour, "create_processor_run", "dpr", when, refused=refused, under="processorRun")
