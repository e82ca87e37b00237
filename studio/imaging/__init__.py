"""From a brief, a market pack and a placement to the finished ad."""
