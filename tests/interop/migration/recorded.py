"""Runs a program of this folder against a server, and takes its traffic down: PROGRAM URL CONTRACT HISTORY."""

import importlib
import json
import sys

import httpx

from batchproof import Recorder


def main(program: str, url: str, contract: str, history: str) -> None:
    recorder = Recorder(contract, history=history)
    token = {"authorization": "Bearer tok_program_3f1d5b7a9c"}
    with httpx.Client(transport=recorder, base_url=url, headers=token) as client:
        described = importlib.import_module(program).main(client)
    sys.stdout.write(json.dumps(described))


if __name__ == "__main__":
    main(*sys.argv[1:])
