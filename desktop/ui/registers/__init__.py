"""登记簿: the one page and the one form of every declared register."""
