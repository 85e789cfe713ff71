"""What one member did in one year, on one page (本年一页): the same counts as everywhere else, looked at by person."""
