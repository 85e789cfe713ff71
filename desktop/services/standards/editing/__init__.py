"""Standards without a text editor: what is wrong with a file, what differs between two, and the draft of a new one."""
