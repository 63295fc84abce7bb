"""Where the data that travels with the package lies: in the wheel, or beside ``src`` in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_BUNDLED = _PACKAGE / "_bundled"


def schemas_dir() -> Path:
    """The folder of contract folders (``schemas/``)."""
    bundled = _BUNDLED / "schemas"
    return bundled if bundled.is_dir() else _PACKAGE.parents[1] / "schemas"


def conformance_dir() -> Path:
    """The folder of the conformance scenarios (``tests/conformance/``)."""
    bundled = _BUNDLED / "conformance"
    return bundled if bundled.is_dir() else _PACKAGE.parents[1] / "tests" / "conformance"
