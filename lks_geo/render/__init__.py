"""From a Coverage to files that people open. Every number comes from the same coverage table."""
