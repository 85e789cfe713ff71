"""The floor of understanding: from the cells of any layout and a person's answers to rows of a declared sheet."""
