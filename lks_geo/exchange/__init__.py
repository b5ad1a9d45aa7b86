"""The loop with the offices: what each is asked to mend, and their answers back in the register."""
