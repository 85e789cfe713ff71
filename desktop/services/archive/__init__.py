"""The papers of the branch as PDF/A: minutes, roster, registers, score report, inspection archive (检查档案)."""
