"""The areas: the file that ships with the project, one made by `boundaries import`, or any layer of desa.

`load_boundaries` reads them, `drawing` simplifies them for maps, `import_boundaries` makes a clean file of any source,
`describe` says what is in use. Joins use the loaded shapes; nothing but a picture may use those of `drawing`.
"""

from __future__ import annotations

from lks_geo.boundaries.boundary_file import FileFacts
from lks_geo.boundaries.load import load_boundaries
from lks_geo.boundaries.make import BoundaryFacts, describe, import_boundaries
from lks_geo.boundaries.simplify import drawing

__all__ = ["BoundaryFacts", "FileFacts", "describe", "drawing", "import_boundaries", "load_boundaries"]
