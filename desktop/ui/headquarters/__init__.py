"""The pages of headquarters: all branches, packages in, packages out, standards and ratings."""
