"""Dues (党费): assessed once a year, collected month by month, remitted by quarter, published."""
