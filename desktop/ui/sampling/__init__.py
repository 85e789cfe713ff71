"""考评抽查: what is drawn of the branches' records, what was found on the spot, and what a branch says to it."""
