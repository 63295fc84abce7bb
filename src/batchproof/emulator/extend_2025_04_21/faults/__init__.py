"""Planted defects that no row of `faults.yaml` can say. Each breaks the one documented statement that it names."""

from . import answers, batches, events, lists, requests, runs

__all__ = ["answers", "batches", "events", "lists", "requests", "runs"]
