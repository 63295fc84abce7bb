"""Planted defects. Each breaks the one documented statement that it names."""

from . import answers, batch_runs, fields, lists, looks, meanings, outputs, refusals, requests, runs, wholes

__all__ = [
    "answers",
    "batch_runs",
    "fields",
    "lists",
    "looks",
    "meanings",
    "outputs",
    "refusals",
    "requests",
    "runs",
    "wholes",
]
