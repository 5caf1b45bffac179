"""What tests of every floor share: databases, a clock, and the cast with its comments."""
