"""Mathematics on arrays: beliefs about click rates, and shares of a budget."""
