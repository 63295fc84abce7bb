"""Joins the histories of the shards of one plan into one."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from batchproof.client import ConfigError
from batchproof.client.shard import Shard
from batchproof.folders import HISTORY
from batchproof.history import (
    START,
    Delivery,
    Event,
    Exchange,
    Footer,
    Header,
    History,
    Reproduction,
    read_history,
)
from batchproof.parts import in_order
from batchproof.version import __version__

_SAME = ("contract", "target", "claims", "profile", "seed")
_CERTAIN = ("reproduced", "unstable", "not_tried")


class Merged(msgspec.Struct, frozen=True, kw_only=True):
    """The events of several shards as those of one history, and in ``notes`` what it lacks, a line each."""

    events: list[Event]
    notes: list[str]


def merged(folders: Sequence[Path]) -> Merged:
    """The shards in ``folders`` as one. Raises ``ConfigError`` where they do not belong together, and ``HistoryError``."""
    shards: dict[int, tuple[Path, History]] = {}
    for folder in folders:
        history = read_history(folder / HISTORY if folder.is_dir() else folder)
        number = _number(folder, history.header)
        if number in shards:
            raise ConfigError(
                folder, "", f"is shard {history.header.shard}, and so is {shards[number][0]}; give each once"
            )
        shards[number] = (folder, history)
    _check_same(list(shards.values()))
    of = _shard(next(iter(shards.values()))[1].header).of
    missing = [number for number in range(1, of + 1) if number not in shards]
    return _merged(dict(sorted(shards.items())), missing, of)


def _number(folder: Path, header: Header) -> int:
    if header.shard is None or "," in header.shard:
        raise ConfigError(folder, "", "is no shard of a run; give folders of runs with --shard")
    return _shard(header).number


def _shard(header: Header) -> Shard:
    return Shard.parse(header.shard or "")


def _check_same(shards: Sequence[tuple[Path, History]]) -> None:
    (first, one), *others = shards
    for folder, other in others:
        for name in _SAME:
            mine, its = getattr(one.header, name), getattr(other.header, name)
            if mine != its:
                raise ConfigError(
                    folder, "", f"has {name} {its}, but {first} has {mine}; merge shards of one run"
                )
        if _shard(one.header).of != _shard(other.header).of:
            raise ConfigError(
                folder,
                "",
                f"is shard {other.header.shard}, but {first} is {one.header.shard}; merge shards of one plan",
            )


def _merged(shards: dict[int, tuple[Path, History]], missing: Sequence[int], of: int) -> Merged:
    histories = [history for _, history in shards.values()]
    began = min(histories, key=lambda history: _moment(history.header)).header
    parts = [_since(began, history) for history in histories]
    # a server that was there for one shard can be tested; what the others would have driven is open
    reached = any(not _unreached(part) for part in parts)
    cut = [not part.whole or (reached and _unreached(part)) for part in parts]
    if reached:
        parts = [
            part._replace(unmet=tuple(item for item in part.unmet if item.scenario != START))
            for part in parts
        ]
    parts = [*(part._replace(reproductions=()) for part in parts), _reproductions(parts, histories[0])]
    exchanges = sum(len(part.exchanges) for part in parts)
    head = msgspec.structs.replace(
        began,
        suite=__version__,
        webhooks=next((part.header.webhooks for part in parts if part.header.webhooks is not None), None),
        scenarios=[name for history in histories for name in history.header.scenarios or ()],
        shard=f"{','.join(map(str, shards))}/{of}" if missing else None,
        max_runs=_sum(history.header.max_runs for history in histories),
        max_requests=_sum(history.header.max_requests for history in histories),
    )
    footer = Footer(ended=max(part.last for part in parts), exchanges=exchanges, interrupted=any(cut))
    notes = [
        f"{folder}: shard {history.header.shard} did not come to its end; go on with batchproof run --resume {folder}"
        for (folder, history), was_cut in zip(shards.values(), cut, strict=True)
        if was_cut
    ]
    notes += [
        f"shard {number}/{of} is missing: what only its scenarios show is inconclusive" for number in missing
    ]
    return Merged(events=[head, *in_order(parts), footer], notes=notes)


def _sum(limits: Iterable[int | None]) -> int:
    return sum(limit or 0 for limit in limits)


def _unreached(history: History) -> bool:
    return any(item.scenario == START and item.reason == "target_error" for item in history.unmet)


def _moment(header: Header) -> datetime:
    return datetime.fromisoformat(header.started_at)


def _since(began: Header, history: History) -> History:
    """``history``, whose seconds count from when the first of the shards ``began``."""
    late = (_moment(history.header) - _moment(began)).total_seconds()

    def exchange(item: Exchange) -> Exchange:
        return msgspec.structs.replace(item, start=round(item.start + late, 6), end=round(item.end + late, 6))

    def delivery(item: Delivery) -> Delivery:
        return msgspec.structs.replace(item, received_at=round(item.received_at + late, 6))

    footer = history.footer
    return history._replace(
        exchanges=tuple(map(exchange, history.exchanges)),
        deliveries=tuple(map(delivery, history.deliveries)),
        footer=None if footer is None else msgspec.structs.replace(footer, ended=footer.ended + late),
    )


def _reproductions(parts: Sequence[History], like: History) -> History:
    """What came of each finding; where shards differ, that it showed again weighs most."""
    known: dict[tuple[str, str], Reproduction] = {}
    for item in (item for part in parts for item in part.reproductions):
        key = (item.requirement, item.fingerprint)
        if key not in known or _CERTAIN.index(item.outcome) < _CERTAIN.index(known[key].outcome):
            known[key] = item
    return History(like.header, (), (), None, "", reproductions=tuple(known.values()))
