"""Maps to print (png, pdf, svg): a sheet of paper with the furniture of an Indonesian thematic map."""

from lks_geo.render.figure.printed_map import draw_map

__all__ = ["draw_map"]
