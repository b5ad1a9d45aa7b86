"""The areas: the file that ships with the project, one made by `boundaries import`, or any layer of desa.

`load_boundaries` reads them, `import_boundaries` makes a clean file of any source, `describe` says what is in use,
`bridge` what became of each desa between two vintages.
"""

from __future__ import annotations

from lks_geo.boundaries.boundary_file import BoundaryFacts, FileFacts, describe, import_boundaries, load_boundaries
from lks_geo.boundaries.vintage_bridge import bridge, read_bridge, write_bridge

__all__ = [
    "BoundaryFacts",
    "FileFacts",
    "bridge",
    "describe",
    "import_boundaries",
    "load_boundaries",
    "read_bridge",
    "write_bridge",
]
