"""lks-geo: where the social welfare institutions (LKS) of a province reach people, and where they do not."""
