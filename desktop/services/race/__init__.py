"""The horse race (赛马): scheme, standings and why, and the service of headquarters that runs it."""
