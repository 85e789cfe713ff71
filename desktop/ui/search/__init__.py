"""Finding anything from anywhere (Ctrl+K)."""
