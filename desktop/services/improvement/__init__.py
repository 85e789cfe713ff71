"""Improvement (提质升级): PDCA plans born from a race class, their gates, and the branch's service."""
