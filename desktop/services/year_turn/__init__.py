"""1 January (年度结转): what goes along by itself, and what of last year's a new year begins with."""
