"""Tasks and papers from above (上级来文、任务)."""
