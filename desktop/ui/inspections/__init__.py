"""Pages of checklists that inspectors bring (专项检查)."""
