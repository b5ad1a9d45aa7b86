"""The measures: pure functions from places, areas and people to one coverage table, and the table of what each means."""
