"""The PDF atlas: cover, summary, a page per group and kabupaten, method."""

from lks_geo.render.atlas.write import write_atlas

__all__ = ["write_atlas"]
