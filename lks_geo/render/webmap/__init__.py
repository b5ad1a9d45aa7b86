"""The interactive map: one offline file with data, Leaflet and our own page (templates/), nothing fetched.

`write_map` and, for a plan, `write_plan_map` of `page_file` are the only doors. `page_data` and `page_frame` say what
the page knows, `plan_layer` what a plan adds, `packed_columns` how it is written small, `map_ground` what it draws on,
`page_file` how our templates put it together, and the same as a folium map.
"""
