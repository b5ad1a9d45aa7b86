"""What every map and report owes its reader: sources, method with assumptions and filters, projection, remarks."""

from __future__ import annotations

from lks_geo.messages import Message, msg
from lks_geo.render.figure.topic import Topic
from lks_geo.render.findings import certainty_notes, reach_note
from lks_geo.tables import Coverage, Source

GENERAL_NOTES = ("findings.estimated", "style.status_not_recorded")


def notes_of(topic: Topic, *, distances: bool = False, every: bool = False) -> list[tuple[Message, list[Message]]]:
    """Headed notes: sources, method with assumptions and filters, projection, remarks with the date.

    `distances` explains the star at distances; `every` is for a page on all groups, not on that of the topic.
    """
    coverage, settings = topic.coverage, topic.coverage.settings
    sources = [
        msg("figure.source_boundaries", name=_cite(coverage.boundaries.source, licence=every)),
        msg("figure.source_population", name=_cite(coverage.population.source, licence=every)),
        msg("figure.source_register", name=_cite(coverage.register.source, licence=every)),
        *(msg("figure.plain", text=text) for text in settings.sources),
    ]
    if coverage.example:
        sources.append(msg("figure.source_example"))
    method = [
        *_reaches(coverage, None if every else topic.group),
        msg("figure.filters", filters=_joined(settings.filter_notes(), topic)),
    ]
    method.append(msg(f"figure.model_{settings.population_model}"))
    method.append(msg("figure.threshold", share=settings.threshold))
    if distances:
        method.append(msg("figure.distance_note"))
    certainty = certainty_notes(coverage, topic.group)
    if every:
        certainty = tuple(note for note in certainty if note.key in GENERAL_NOTES)
    run = coverage.notes if every else ()
    remarks = [msg("figure.indicative"), *certainty, *run, msg("figure.made", day=settings.day)]
    if topic.masked and not every:
        remarks.insert(1, msg("figure.masked"))
    return [
        (msg("figure.head_sources"), sources),
        (msg("figure.head_method"), method),
        (msg("figure.head_projection"), [projection(coverage.boundaries.crs_m)]),
        (msg("figure.head_remarks"), remarks),
    ]


def _joined(parts: tuple[Message, ...], topic: Topic) -> str:
    return "; ".join(topic.texts(part) for part in parts)


def _reaches(coverage: Coverage, group: str | None) -> list[Message]:
    """The reach of one group; or of all, each by name unless they are alike."""
    if group is not None:
        return [reach_note(coverage, group)]
    lang = coverage.settings.lang
    notes = [(one.name(lang), reach_note(coverage, one.key)) for one in coverage.groups]
    if all(note == notes[0][1] for _, note in notes):
        return [notes[0][1]]
    return [msg("figure.reach_of", group=name, reach=note) for name, note in notes]


def _cite(source: Source, *, licence: bool) -> Message:
    facts = [fact for fact in (source.vintage, source.licence if licence else "") if fact]
    return msg("figure.cite" if facts else "figure.plain", text=source.name, vintage="; ".join(facts))


def projection(crs_m: str) -> Message:
    """Projection and datum in words."""
    code = crs_m.removeprefix("EPSG:")
    if code.startswith(("326", "327")) and len(code) == 5:
        return msg("figure.utm", zone=code[3:] + ("S" if code[2] == "7" else "U"), epsg=code)
    return msg("figure.projected", crs=crs_m)
