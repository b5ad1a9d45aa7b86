"""From cells to rows that can be trusted: evidence weighed, every row with one outcome and its remarks."""
