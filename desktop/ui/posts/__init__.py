"""The team (班子和职务): posts, party groups, terms, elections."""
