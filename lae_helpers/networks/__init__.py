"""Small networks by hand, for chapters 1 and 8: forward, backward, step."""
