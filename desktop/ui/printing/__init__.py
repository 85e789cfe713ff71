"""Paper: a preview of every page, and the printer."""
