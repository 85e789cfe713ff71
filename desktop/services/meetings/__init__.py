"""Organisational life (组织生活): the meetings of a branch, their votes, and their way in and out of Excel."""
