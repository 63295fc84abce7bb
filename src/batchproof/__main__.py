"""``python -m batchproof``, which puts the current folder first among the places to import from."""

import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parents[1]

if not sys.flags.safe_path and Path(sys.path[0]).resolve() != _HERE:
    # a json.py in the current folder is none of ours
    del sys.path[0]

from batchproof.starting import main  # noqa: E402 - after what it must not find

main()
