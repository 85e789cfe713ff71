"""Updates of the program (更新程序): seen on a stick, looked at, begun, and told of afterwards."""
