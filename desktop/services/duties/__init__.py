"""Duty lists (责任清单): what each duty came to, and what is to be done about it."""
