"""What changed between two registers: which LKS are the same, what became of them, who gained and lost by it."""
