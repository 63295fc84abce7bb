"""Planted defects that no row of `faults.yaml` can say. Each breaks the one documented statement that it names."""

from . import batches, concurrency, events, hostile, lists, order, outputs, requests, runs

__all__ = ["batches", "concurrency", "events", "hostile", "lists", "order", "outputs", "requests", "runs"]
