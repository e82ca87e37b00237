"""The optimizer against its peers: one harness, the same worlds and the same luck."""
