"""Workbooks for tests: written byte by byte where no program at hand writes them, and the maker of the kept ones."""
