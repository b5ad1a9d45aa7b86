"""Names and codes to areas: what one row says about where it is."""
