"""What changes from one contract to another, on paper: pure functions of two contract folders."""

from batchproof.upgrade.comparing import upgrade
from batchproof.upgrade.loader import documents, load_map
from batchproof.upgrade.markdown import upgrade_markdown
from batchproof.upgrade.pages import print_upgrade, to_json

__all__ = ["documents", "load_map", "print_upgrade", "to_json", "upgrade", "upgrade_markdown"]
