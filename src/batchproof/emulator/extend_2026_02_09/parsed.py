"""The made-up output of parse runs (Get Parse Run, output)."""

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_common.behaviour import Behaviour

from .store import Run

_CORNERS = ((10, 10), (90, 10), (90, 20), (10, 20))
_BOX = {"left": 10, "top": 10, "right": 90, "bottom": 20}
_CONFIDENCE = {"minOcrConfidence": 0.94, "avgOcrConfidence": 0.98}


def of_run(behaviour: Behaviour, run: Run, call: Call) -> JsonObject:
    """Chunks of the wanted type, in which every page has one block; OCR data where the configuration asks for it."""
    pages = list(range(1, run.page_count + 1))
    wanted = run.config["chunkingStrategy"].get("type", "page")
    ranges = [[page] for page in pages] if wanted == "page" else [pages]
    body: JsonObject = {"chunks": [_chunk(behaviour, run, wanted, covered, call) for covered in ranges]}
    ocr = _ocr(behaviour, run, pages, call)
    if ocr:
        body["ocr"] = behaviour.shape("ocr", ocr, run, call)
    sizes = {"rotationApplied": 0, "originalPageWidth": 612, "originalPageHeight": 792, "dpi": 72}
    shown = [behaviour.shape("parsed_page", {"number": page, **sizes}, run, call) for page in pages]
    body["metadata"] = behaviour.shape("parse_metadata", {"pages": shown}, run, call)
    return body


def polygon(behaviour: Behaviour, run: Run, call: Call) -> list[JsonObject]:
    """The corners of some place on a page."""
    return [behaviour.shape("point", {"x": x, "y": y}, run, call) for x, y in _CORNERS]


def _chunk(behaviour: Behaviour, run: Run, type_: str, pages: list[int], call: Call) -> JsonObject:
    blocks = [_block(behaviour, run, page, call) for page in pages]
    body = {
        "object": "chunk",
        "type": type_,
        "content": "\n\n".join(_text(page) for page in pages),
        "metadata": {"pageRange": {"start": pages[0], "end": pages[-1]}, **_CONFIDENCE},
        "blocks": blocks,
    }
    return behaviour.shape("chunk", body, run, call)


def _block(behaviour: Behaviour, run: Run, page: int, call: Call) -> JsonObject:
    body = {
        "object": "block",
        "id": f"block_{page}",
        "type": "text",
        "content": _text(page),
        "details": {"type": "text_details"},
        "metadata": {"page": {"number": page, "width": 612, "height": 792}, **_CONFIDENCE},
        "polygon": polygon(behaviour, run, call),
        "boundingBox": dict(_BOX),
    }
    return behaviour.shape("block", body, run, call)


def _ocr(behaviour: Behaviour, run: Run, pages: list[int], call: Call) -> JsonObject:
    """Parse Configuration, advancedOptions.returnOcr: words and lines are asked for one by one."""
    asked = run.config.get("advancedOptions", {}).get("returnOcr")
    found: JsonObject = {}
    for kind in ("words", "lines"):
        if isinstance(asked, dict) and asked.get(kind) is True:
            items = [
                {"content": text, "boundingBox": dict(_BOX), "confidence": 0.98, "pageNumber": page}
                for page in pages
                for text in (_text(page).split() if kind == "words" else [_text(page)])
            ]
            found[kind] = [behaviour.shape(f"ocr_{kind}", item, run, call) for item in items]
    return found


def _text(page: int) -> str:
    return f"Invoice A-{page}"
