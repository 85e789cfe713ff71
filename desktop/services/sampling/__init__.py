"""Spot checks of headquarters (考评抽查): what is drawn, what is found, what follows from it."""
