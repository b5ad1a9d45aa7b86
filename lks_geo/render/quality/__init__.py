"""The quality report of a register: what became of each row, and the list to send back to the offices."""

from lks_geo.render.quality.report import quality_json, rows_frame, write_quality

__all__ = ["quality_json", "rows_frame", "write_quality"]
