"""Hand-in both ways: packages, the protocol they follow, enrolment, sticks, and the exchange that joins them."""
