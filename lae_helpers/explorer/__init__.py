"""What the explorer learns from, and how what it did in the browser is done again here."""
