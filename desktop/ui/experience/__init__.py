"""The pages of the library of methods and brands."""
