"""Self-check (自查): contradictions between the records of a year, each with the way to mend it."""
