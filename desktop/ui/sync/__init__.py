"""Packages out and in at a branch."""
