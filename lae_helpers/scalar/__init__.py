"""The smallest autoencoder, of chapter 4: one pixel, one component, two weights."""
