"""From a file of any kind to typed cells, and from cells to tables: headings, records, and lines that are none.

Knows nothing of what a table is about: the rooms above bring their words as a `header.Vocabulary`.
"""
