"""Standards (标准化): packs as data, rules as pure functions over facts, scores that explain themselves."""
