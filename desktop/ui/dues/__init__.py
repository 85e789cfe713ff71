"""党费: the ledger of a year, collecting, the yearly assessment."""
