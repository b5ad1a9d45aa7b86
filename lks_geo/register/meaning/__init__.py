"""What the text of one cell means: coordinates, services, status, dates, counts.

The readers are total: any text gives a reading, none raises.
"""
