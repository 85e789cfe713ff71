"""党员 > 积分: the ledger of points, claims on their way, and the publication of a quarter."""
