"""支部工作台: an offline workbench for the secretaries of party branches."""

__version__ = "0.2.0"
