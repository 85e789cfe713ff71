"""One reader for each format that tables are kept in: one pass over the file, stopped as soon as a bound is passed.

No library of others reads here: those that read as many formats build whole sheets in memory before they can be
stopped, end the process when the memory is not there, and give errors and formulas without result as empty cells.
"""
