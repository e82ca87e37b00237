"""Domain values as a person reads them: pure functions from values to escaped HTML."""
