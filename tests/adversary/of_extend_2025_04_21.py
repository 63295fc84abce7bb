"""Breaches and legal oddities, written from the documentation alone."""

from proxy import Answer, Forward, Request, World, breach, oddity
