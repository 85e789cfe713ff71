"""党员: the roster, one member in full, and the steps of a member's life in the branch."""
