"""Who may do what in a store (使用人和角色): rights from data, held at the one door to the database."""
