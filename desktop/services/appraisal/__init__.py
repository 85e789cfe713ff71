"""The yearly organisational life meeting and appraisal of members (组织生活会、民主评议): one round a year."""
