"""What the numbers say, as sentences: the headline of a group, and the facts that support it.

A sentence never says more than the table: unknown targets give no number of people, estimates are called estimates,
"nobody", "not known" and "not reported" are different words, and a share that rests on some of the desa says on how
many. Kabupaten that the register does not report are in no number.
"""

from __future__ import annotations

from dataclasses import dataclass

from lks_geo.messages import Message, Texts, msg
from lks_geo.said.areas import AreaTotals, area_totals, listed, place_name
from lks_geo.said.assumptions import known_part
from lks_geo.tables import TOTAL, Coverage, PlaceTotals


def headline(coverage: Coverage, group: str, *, kabupaten: str | None = None) -> Message:
    """The finding in one sentence without a full stop: "342 dari 648 desa/kelurahan belum terlayani LKS lansia"."""
    totals = area_totals(coverage, group, kabupaten)
    name = coverage.settings.group(group).short(coverage.settings.lang)
    key, number = _headline(totals)
    finding = msg(f"said.headline_{key}", n=number, total=totals.desa, partly=totals.desa_partly, group=name)
    if totals.unreported and key != "unreported":
        finding = msg("said.headline_reported", finding=finding, n=totals.reported, total=totals.kabupaten)
    places = coverage.totals.get(TOTAL)
    if places is None or not is_off_map(places):
        return finding
    nowhere = places.luar_wilayah + places.tanpa_titik
    return msg("said.headline_off_map", finding=finding, n=nowhere, total=places.counted)


def is_off_map(places: PlaceTotals) -> bool:
    """Whether half of the places lie outside the boundaries, or none inside: one of the two is in the wrong place."""
    outside = places.luar_wilayah > 0 and 2 * places.luar_wilayah >= places.counted
    return outside or places.counted > 0 == places.in_areas


def _headline(totals: AreaTotals) -> tuple[str, int]:
    """The kind of headline, and its number; the first that applies."""
    unserved, partly, desa, no_data = totals.desa_unserved, totals.desa_partly, totals.desa, totals.desa_without_data
    rules = (
        (totals.unreported and not totals.reported, "unreported", totals.kabupaten),
        (not desa or not (totals.classed or unserved), "no_area", 0),
        (no_data == desa, "no_data", desa),
        (totals.desa_without_target == desa, "no_target", desa),
        (unserved == desa == 1, "only", 1),
        (unserved == desa and not totals.counted, "no_place", desa),
        (unserved == desa, "all", desa),
        (unserved, "some", unserved),
        (partly, "partly", partly),
        (no_data, "none_known", desa - no_data),
    )
    return next(((key, number) for holds, key, number in rules if holds), ("none", desa))


def sentence(texts: Texts, message: Message) -> str:
    """A message as a sentence: it begins with a capital and ends in a full stop."""
    text = texts(message).strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def placed_headline(coverage: Coverage, group: str, *, kabupaten: str | None = None) -> Message:
    """The headline led by the name of the area: "Mamasa: 134 dari 181 desa/kelurahan ..."."""
    finding = headline(coverage, group, kabupaten=kabupaten)
    return msg("said.placed", place=place_name(coverage, kabupaten), finding=finding)


def support(coverage: Coverage, group: str, *, kabupaten: str | None = None) -> tuple[Message, ...]:
    """Whole sentences that explain the headline: how many people, where, which share is in reach, what is unsure."""
    totals = area_totals(coverage, group, kabupaten)
    name = coverage.settings.group(group).short(coverage.settings.lang)
    estimate = msg("said.estimate" if coverage.estimated(group, kabupaten)[0] else "said.nothing")
    known = known_part(totals.desa_known, totals.desa)
    sentences: list[Message] = []
    if (people := totals.unserved_people) is not None and totals.target:
        sentences.append(
            msg(f"said.{'people' if people else 'nobody'}_there", people=people, group=name,
                estimate=estimate, share=people / totals.target, target=totals.target, known=known)
        )  # fmt: skip
    worst = worst_sentence(totals)
    if worst is not None:
        sentences.append(worst)
    if totals.share is not None:
        sentences.append(_share_sentence(totals, name, estimate, known))
    if totals.target is None and totals.desa:
        sentences.append(msg("said.target_unknown", group=name))
    if 0 < totals.desa_without_data < totals.desa:
        sentences.append(msg("said.some_no_data", n=totals.desa_without_data))
    if totals.unreported and not totals.reported:
        sentences.append(msg("said.unreported_means"))
    elif totals.unreported:
        sentences.append(msg("said.unreported_names", names=listed(totals.unreported)))
    return tuple(sentences)


def worst_sentence(totals: AreaTotals) -> Message | None:
    """Where the people of unserved desa live, or else where most of these desa are; None where that would say
    nothing."""
    worst = totals.worst
    if worst.kind is None or totals.desa_unserved == totals.desa:
        return None
    what = "people_" if worst.by_people else ""
    return msg(f"said.worst_{what}{worst.kind}", first=worst.first, second=worst.second)


def _share_sentence(totals: AreaTotals, name: str, estimate: Message, known: Message) -> Message:
    if totals.by_area or totals.reached is None:
        return msg("said.share_area", share=totals.share)
    return msg(
        "said.share_people", share=totals.share, people=totals.reached, target=totals.target, group=name,
        estimate=estimate, known=known,
    )  # fmt: skip


def leading_group(coverage: Coverage, kabupaten: str | None = None) -> str:
    """The group to show first: of those whose people are all known, the one with the lowest share within reach.

    Groups whose people are known for some desa only come after these, then those of which nothing is known: their
    shares are of something else. Equal shares: more desa unserved, then the order of the settings.
    """

    def rank(position: int) -> tuple[bool, bool, float, int, int]:
        group = coverage.groups[position]
        totals = area_totals(coverage, group.key, kabupaten)
        share = 2.0 if totals.share is None else totals.share
        return (totals.target is None, not totals.complete, share, -totals.desa_unserved, position)

    return coverage.groups[min(range(len(coverage.groups)), key=rank)].key


def widest_gap(coverage: Coverage) -> Message | None:
    """Of which group most desa are unserved, and of which fewest; None if that is no comparison of what is reported."""
    if TOTAL in coverage.totals and is_off_map(coverage.totals[TOTAL]):
        return None
    every = [area_totals(coverage, group.key) for group in coverage.groups]
    ordered = sorted(every, key=lambda totals: totals.desa_unserved)
    least, most = ordered[0], ordered[-1]
    if not all(totals.reported for totals in every) or least.desa_unserved == most.desa_unserved:
        return None
    names = [coverage.settings.group(totals.group).name(coverage.settings.lang) for totals in (most, least)]
    return msg(
        "said.overview_unserved", most=names[0], n=most.desa_unserved, total=most.desa, least=names[1],
        m=least.desa_unserved,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What one sentence says over all groups, and the group that it names."""

    group: str
    sentence: Message


def overview(coverage: Coverage, kabupaten: str | None = None) -> Overview:
    """The sentence over all groups. It compares only groups whose people are known in full, and only two or more of
    them: with one there is nothing to be lowest of, and the headline of that group stands instead."""
    lead = leading_group(coverage, kabupaten)
    every = [area_totals(coverage, group.key, kabupaten) for group in coverage.groups]
    off_map = TOTAL in coverage.totals and is_off_map(coverage.totals[TOTAL])
    if not off_map and not any(totals.counted for totals in every) and all(totals.reported for totals in every):
        return Overview(group=lead, sentence=msg("said.overview_no_place"))
    whole = [totals for totals in every if totals.complete and totals.target and totals.share is not None]
    totals = area_totals(coverage, lead, kabupaten)
    if off_map or len(whole) < 2 or totals not in whole:
        return Overview(group=lead, sentence=headline(coverage, lead, kabupaten=kabupaten))
    name = coverage.settings.group(lead).name(coverage.settings.lang)
    return Overview(
        group=lead,
        sentence=msg(
            "said.overview", group=name, share=totals.share, n=totals.desa_unserved, total=totals.desa,
            groups=len(whole),
        ),
    )  # fmt: skip
