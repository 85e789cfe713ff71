"""What the user sees: PySide6 widgets over the services."""
