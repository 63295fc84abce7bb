"""The four families of runs, as data: what tells them apart in paths, ids, bodies and lives."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from batchproof.emulator.exchange import JsonObject
from batchproof.emulator.extend_common.life import CANCELLED, FAILED, PENDING, PROCESSED, PROCESSING, STATUSES
from batchproof.emulator.extend_common.output import DEFAULT_CONFIG
from batchproof.emulator.extend_common.queries import SOURCES

_CLASSES = [
    {"id": "invoice", "type": "invoice", "description": "A bill for goods or services."},
    {"id": "other", "type": "other", "description": "Anything else."},
]


@dataclass(frozen=True, slots=True)
class ConfigForm:
    """What a configuration of a family may hold; `default` is the seeded one, and fills up inline ones."""

    default: JsonObject
    engine: str = "baseProcessor"
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    texts: tuple[str, ...] = ("baseVersion",)
    objects: tuple[str, ...] = ("advancedOptions", "parseConfig")
    schema: bool = False
    classes: str | None = None


@dataclass(frozen=True, slots=True)
class ProcessorKind:
    """Extractors, classifiers or splitters; `seeded` names those that every workspace has."""

    name: str
    prefix: str
    version_prefix: str
    seeded: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Family:
    """One family of runs. `text` and `batch_text` tell whether a file may be raw text."""

    name: str
    prefix: str
    processor: ProcessorKind | None
    config: ConfigForm
    credits_per_page: int
    batch_prefix: str = "bpr"
    text: bool = True
    batch_text: bool = True
    infers_config: bool = False
    packages: bool = False
    edits: bool = False
    first_status: str = PENDING
    statuses: tuple[str, ...] = STATUSES
    cancelled: str = CANCELLED
    failure: tuple[str, str] = ("FAILED_TO_PROCESS_FILE", "The file could not be processed.")
    sources: tuple[str, ...] = SOURCES
    batch_source: str = "BATCH_PROCESSOR_RUN"
    sortable: bool = True

    @property
    def kind(self) -> str:
        """The value of `object` of its runs."""
        return f"{self.name}_run"


EXTRACT = Family(
    name="extract",
    prefix="exr",
    processor=ProcessorKind("extractor", "ex", "exv", ("Invoices", "Purchase orders")),
    config=ConfigForm(
        default=DEFAULT_CONFIG,
        choices={"baseProcessor": ("extraction_performance", "extraction_light", "extraction_operator")},
        texts=("baseVersion", "extractionRules"),
        schema=True,
    ),
    credits_per_page=2,
    infers_config=True,
    packages=True,
    edits=True,
)

CLASSIFY = Family(
    name="classify",
    prefix="clr",
    processor=ProcessorKind("classifier", "cl", "clv", ("Mail room", "Claims")),
    config=ConfigForm(
        default={
            "baseProcessor": "classification_standard",
            "baseVersion": "3.2.0",
            "classifications": _CLASSES,
        },
        choices={
            "baseProcessor": (
                "classification_standard",
                "classification_performance",
                "classification_light",
            )
        },
        texts=("baseVersion", "classificationRules"),
        classes="classifications",
    ),
    credits_per_page=1,
)

# Batch Splitting: raw text is not supported.
SPLIT = Family(
    name="split",
    prefix="splr",
    processor=ProcessorKind("splitter", "spl", "splv", ("Bundles", "Scanner stacks")),
    config=ConfigForm(
        default={
            "baseProcessor": "splitting_performance",
            "baseVersion": "1.1.0",
            "splitClassifications": _CLASSES,
        },
        choices={"baseProcessor": ("splitting_performance", "splitting_light")},
        texts=("baseVersion", "splitRules"),
        classes="splitClassifications",
    ),
    credits_per_page=1,
    text=False,
    batch_text=False,
)

# Create Parse Run: PROCESSING at once. Get Parse Run, status: PENDING in batches only, and no CANCELLED.
PARSE = Family(
    name="parse",
    prefix="pr",
    processor=None,
    config=ConfigForm(
        default={
            "target": "markdown",
            "chunkingStrategy": {"type": "page"},
            "engine": "parse_performance",
        },
        engine="engine",
        choices={
            "target": ("markdown", "spatial"),
            "engine": ("parse_performance", "parse_light", "parse_auto"),
        },
        texts=("engineVersion",),
        objects=("chunkingStrategy", "blockOptions", "advancedOptions"),
    ),
    credits_per_page=1,
    batch_prefix="bpar",
    text=False,
    infers_config=True,
    first_status=PROCESSING,
    statuses=(PENDING, PROCESSING, PROCESSED, FAILED),
    cancelled=FAILED,
    failure=("UNABLE_TO_DOWNLOAD_FILE", "The file could not be downloaded."),
    sources=(
        "API",
        "STUDIO",
        "WORKFLOW_RUN",
        "ADMIN",
        "BATCH_PARSER_RUN",
        "EDIT_RUN",
        "DOCUMENT_PROCESSOR_RUN",
    ),
    batch_source="BATCH_PARSER_RUN",
    sortable=False,
)

FAMILIES = (EXTRACT, CLASSIFY, SPLIT, PARSE)

PROCESSED_WITH = (EXTRACT, CLASSIFY, SPLIT)


def operation(family: Family, view: str) -> str:
    """The name of an operation of a family, such as `get_extract_run`; `processors` lists its extractors and the like."""
    match view:
        case "submit":
            return f"submit_{family.name}_batch"
        case "list":
            return f"list_{family.kind}s"
        case "processors":
            return f"list_{family.processor.name}s" if family.processor else ""
        case _:
            return f"{view}_{family.kind}"


def words_of(family: Family) -> dict[str, str]:
    """What stands for the family in texts: `{run}` for `extract_run`, `{Run}` for `Extract Run`, and so on."""
    processor = family.processor.name if family.processor else "processor"
    reason, message = family.failure
    return {
        "family": family.name,
        "run": family.kind,
        "processor": processor,
        "Run": f"{family.name.capitalize()} Run",
        "Processor": processor.capitalize(),
        "prefix": family.prefix,
        "batch_prefix": family.batch_prefix,
        "classes": family.config.classes or "classifications",
        "cancelled": family.cancelled,
        "failure_reason": reason,
        "failure_message": message,
    }
