"""Runs that move on earlier than their schedule says."""

from dataclasses import replace

from .life import Lived, Schedule


def hurried(schedule: Schedule, moment: int) -> Schedule:
    """The same life, with its next status from that moment on."""
    if moment < schedule.started:
        return replace(schedule, started=moment)
    return ended(schedule, moment)


def ended(schedule: Schedule, moment: int) -> Schedule:
    """The same life, over at that moment unless it was before."""
    return replace(
        schedule,
        started=min(schedule.started, moment),
        ended=min(schedule.ended, max(moment, schedule.created)),
    )


def move(record: Lived, moment: int) -> None:
    """Let a record that is on its way reach its next status."""
    record.schedule = hurried(record.schedule, moment)
