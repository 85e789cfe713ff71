"""Elections of the committee (换届选举、补选): counting, steps, candidates, rounds, result, hand-over."""
