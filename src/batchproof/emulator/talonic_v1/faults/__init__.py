"""Planted defects. Each breaks the one documented statement that it names."""

from . import answers, batches, documents, fields, items, lists, moments, operations, refusals, wholes

__all__ = [
    "answers",
    "batches",
    "documents",
    "fields",
    "items",
    "lists",
    "moments",
    "operations",
    "refusals",
    "wholes",
]
