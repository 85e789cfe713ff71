"""The race in the window: a branch's own result, and the ranking headquarters works on."""
