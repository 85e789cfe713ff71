"""组织生活: the meetings of a year, one meeting in full, its form with live quorum, votes and minutes."""
