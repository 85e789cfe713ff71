"""What is stored: tables, enums and declared registers, one module per area. Imports no Qt."""
