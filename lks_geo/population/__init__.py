"""The people: the estimate that ships with the project, and tables of people as offices have them."""
