"""Planted defects. Each breaks the one documented statement that it names."""

from . import (
    answers,
    batches,
    beside,
    documents,
    fields,
    identities,
    items,
    lists,
    moments,
    operations,
    refusals,
    wholes,
)

__all__ = [
    "answers",
    "batches",
    "beside",
    "documents",
    "fields",
    "identities",
    "items",
    "lists",
    "moments",
    "operations",
    "refusals",
    "wholes",
]
