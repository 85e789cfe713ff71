"""Counts of members on a day, and of what changed in a year: every figure is the list of people behind it."""
