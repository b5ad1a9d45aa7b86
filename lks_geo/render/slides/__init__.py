"""The meeting deck: native, editable slides."""

from lks_geo.render.slides.write import write_slides

__all__ = ["write_slides"]
