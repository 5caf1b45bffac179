"""One file for each family of attack that comment systems have met."""
