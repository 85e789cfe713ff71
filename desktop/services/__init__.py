"""What the program does: one module per area, called alike by the window and the command line. Imports no Qt."""
