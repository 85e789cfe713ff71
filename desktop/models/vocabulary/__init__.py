"""Words of the field, area by area: every enum with the 中文 label people see (the field's standard terms)."""
