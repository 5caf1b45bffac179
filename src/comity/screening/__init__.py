"""Facts in, verdict out. Pure: the service fetches the facts."""
