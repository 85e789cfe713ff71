"""The command line: every step of the main job without a window, by the same services.

stdout carries the result (with --json exactly one JSON object); progress, questions and refusals go to stderr.
Exit status: 0 done; 1 refused or partly done, with one line saying why and what was kept; 2 wrong usage.
"""
