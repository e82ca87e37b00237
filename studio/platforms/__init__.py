"""Ad platforms: dated specs, and one adapter each."""
