"""From a file to text cells: its sheets, the table in a sheet, its headings as fields.

Personal data is dropped here, before anything keeps it.
"""
