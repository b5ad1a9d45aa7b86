"""Where next: the sites that would reach most people who are out of reach today, with a proof, existing places kept.

It decides by distance and people only. What it does not know - roads unless they are given, land, staff, who is really
in need - is said beside every plan, so that nobody takes it for a decision.
"""
