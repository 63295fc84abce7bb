"""A field that is missing, and beside it one that nobody describes, with the same kind of value: that is a new name."""

from batchproof.upgrade.wire.observation import Seen

Group = list[Seen]


def with_renames(groups: list[Group]) -> list[Group]:
    """``groups``, each of one difference, in which a rename stands for what is missing and for what is there instead.

    Those that both contracts leave open, and that are no rename, are left out.
    """
    missing = [each for each in groups if each[0].kind == "absent" and _is_unknown(each[0])]
    new = [each for each in groups if each[0].kind == "new" and _is_unknown(each[0])]
    taken: list[Group] = []
    renames: list[Group] = []
    for lost in missing:
        fits = [each for each in new if _takes_the_place(lost, each)]
        if len(fits) == 1 and fits[0] not in taken:
            taken += [lost, fits[0]]
            renames.append([_rename(seen, fits[0][0]) for seen in lost])
    return [*(each for each in groups if each not in taken and not each[0].open), *renames]


def _is_unknown(seen: Seen) -> bool:
    return not seen.known and not seen.documented


def _takes_the_place(lost: Group, new: Group) -> bool:
    """Whether both stand in the same object, in the same answers, with values of the same types."""
    one, two = lost[0], new[0]
    beside = one.place.rpartition("/")[0] == two.place.rpartition("/")[0]
    return (
        beside
        and one.before == two.after
        and {each.exchanges for each in lost} == {each.exchanges for each in new}
    )


def _rename(lost: Seen, new: Seen) -> Seen:
    return lost._replace(kind="renamed", before=lost.place, after=new.place, open=False)
