"""Moves of members between two branches of one headquarters (转接)."""
