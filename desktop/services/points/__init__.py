"""Points of members (党员积分): the ledger that facts and claims make, its levels and publications."""
