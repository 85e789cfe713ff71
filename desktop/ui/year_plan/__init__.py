"""组织生活 > 全年安排: the year by months, what has no day yet, what wants doing."""
