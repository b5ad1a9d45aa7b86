"""Maps to print (png, pdf, svg): a sheet of paper with the furniture of an Indonesian thematic map."""
