"""The objects that stand inside runs. Every object passes through the behaviour's hooks under its kind."""

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_common.behaviour import Behaviour
from batchproof.emulator.extend_common.files import File
from batchproof.emulator.extend_common.life import Version

from .families import PARSE, Family
from .store import Processor, Run


def processor_summary(behaviour: Behaviour, family: Family, processor: Processor, call: Call) -> JsonObject:
    """List Extractors, Response, an item of data; also Get Extract Run, extractor; the other kinds alike."""
    assert family.processor is not None
    kind = family.processor.name
    body = {
        "object": kind,
        "id": processor.id,
        "name": processor.name,
        "createdAt": behaviour.timestamp(processor.created),
        "updatedAt": behaviour.timestamp(processor.updated(call.now)),
    }
    return behaviour.shape(kind, body, processor, call)


def processor_members(behaviour: Behaviour, run: Run, call: Call) -> JsonObject:
    """Get Extract Run, extractor and extractorVersion: null for an inline configuration; the other kinds alike."""
    if run.family.processor is None:
        return {}
    kind = run.family.processor.name
    if run.processor is None or run.version is None:
        return {kind: None, f"{kind}Version": None}
    return {
        kind: processor_summary(behaviour, run.family, run.processor, call),
        f"{kind}Version": _version(behaviour, kind, run.processor, run.version, call),
    }


def _version(
    behaviour: Behaviour, kind: str, processor: Processor, version: Version, call: Call
) -> JsonObject:
    author = behaviour.shape("created_by", {"type": "user", "email": "team@example.com"}, version, call)
    body = {
        "object": f"{kind}_version",
        "id": version.id,
        "description": version.description,
        "version": version.version,
        f"{kind}Id": processor.id,
        "createdAt": behaviour.timestamp(version.created),
        "createdBy": author,
    }
    return behaviour.shape(f"{kind}_version", body, version, call)


def file_summary(behaviour: Behaviour, file: File, call: Call) -> JsonObject:
    """Get Extract Run, file; the page count is known for PDF and DOCX only."""
    pages = {} if file.page_count is None else {"pageCount": file.page_count}
    body = {
        "object": "file",
        "id": file.id,
        "name": file.name,
        "type": file.type,
        "parentFileId": None,
        "metadata": behaviour.shape("file_metadata", pages, file, call),
        "createdAt": behaviour.timestamp(file.created),
        "updatedAt": behaviour.timestamp(file.created),
    }
    return behaviour.shape("file", body, file, call)


def usage(behaviour: Behaviour, run: Run, call: Call, *, detailed: bool) -> JsonObject | None:
    """Get Extract Run, usage; a list leaves the breakdown out. Charges add up to entries, entries to the total.

    An old run has credits only, a very old one has no usage at all.
    """
    if run.billing == "none":
        return None
    pages, family = run.page_count, run.family
    entries = [(family.kind, run.id, str(run.config[family.config.engine]), pages * family.credits_per_page)]
    if run.parse_run_id is not None:
        engine = str(PARSE.config.default[PARSE.config.engine])
        entries.append((PARSE.kind, run.parse_run_id, engine, pages * PARSE.credits_per_page))
    body: JsonObject = {"credits": entries[0][3]}
    if run.billing == "credits":
        return behaviour.shape("usage", body, run, call)
    body["totalCredits"] = sum(cost for *_, cost in entries)
    if detailed:
        body["breakdown"] = []
        for kind, id_, product, cost in entries:
            charge: JsonObject = {"product": product, "unit": "page", "quantity": pages, "credits": cost}
            if not run.multifile:
                charge["pages"] = list(range(1, pages + 1))
            charges = [behaviour.shape("usage_charge", charge, run, call)]
            entry = {"object": kind, "id": id_, "credits": cost, "charges": charges}
            body["breakdown"].append(behaviour.shape("usage_entry", entry, run, call))
    return behaviour.shape("usage", body, run, call)
