"""Updates of the program (更新程序) where no network is: found on a stick, made ready, switched to, or taken back."""
