"""``python -m batchproof``."""

from batchproof.cli import main

main()
