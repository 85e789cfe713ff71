"""The library of methods and brands (经验库): chosen at headquarters, read and adopted at the branches."""
