"""The interactive map: one offline file with data, Leaflet and our own page (templates/), nothing fetched.

`write_map` and, for a plan, `write_plan_map` are the only doors. `page_data` and `page_frame` say what the page knows,
`plan_layer` what a plan adds, `packed_columns` how it is written small, `map_ground` what it draws on, `page_file` how
folium and branca put it together.
"""

from __future__ import annotations

from lks_geo.render.webmap.page_file import write_map, write_plan_map

__all__ = ["write_map", "write_plan_map"]
