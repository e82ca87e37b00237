"""What the studio knows about its markets: packs of data under `prompts/markets/`."""
