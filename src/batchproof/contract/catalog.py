"""The contracts that are installed, and the default one."""

from pathlib import Path

import msgspec

from batchproof.contract.errors import ContractError
from batchproof.contract.yamlfile import read_yaml
from batchproof.places import schemas_dir


class _Catalog(msgspec.Struct, forbid_unknown_fields=True):
    default: str


def default_contract() -> str:
    """The id of the contract that is used when none is named (``schemas/catalog.yaml``)."""
    return read_yaml(schemas_dir() / "catalog.yaml", _Catalog).default


def installed_contracts() -> list[str]:
    """The ids of all contract folders that travel with the package, sorted."""
    root = schemas_dir()
    return sorted(file.parent.relative_to(root).as_posix() for file in root.glob("*/*/contract.yaml"))


def contract_folder(reference: str) -> Path:
    """The folder of a contract, named by its id or by a path to a folder. Raises ``ContractError``."""
    bundled = schemas_dir() / reference
    if (bundled / "contract.yaml").is_file():
        return bundled
    given = Path(reference)
    if (given / "contract.yaml").is_file():
        return given
    known = ", ".join(installed_contracts())
    raise ContractError(
        reference, "", f"is neither a contract nor a folder with a contract.yaml; use one of: {known}"
    )
