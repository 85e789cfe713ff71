"""Moves of members between two branches of one headquarters: reported, ordered, received, closed."""
