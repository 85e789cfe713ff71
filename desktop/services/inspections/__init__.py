"""Checklists that inspectors bring (专项检查)."""
