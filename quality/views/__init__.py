"""The pages of quality: what is known about items, and about people."""
