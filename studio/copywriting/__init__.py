"""From a brief and a market pack to copy."""
