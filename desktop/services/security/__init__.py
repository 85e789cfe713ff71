"""Keys, passwords and signatures. Every primitive comes from a library; only their file formats are ours."""
