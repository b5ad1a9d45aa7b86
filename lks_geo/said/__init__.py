"""What the numbers say: totals, lists, sentences and notes, once for every output. No drawing, no file here."""
