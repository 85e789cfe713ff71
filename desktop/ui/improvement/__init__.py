"""Improvement in the window: the board of a plan, its forms, and the remarks of headquarters."""
