"""标准化: the checklist with its gaps, ready for inspection, and the ratings of quality."""
