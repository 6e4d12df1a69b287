"""How Lantern is run: what keeps it private, in order, alive and seen. No wording and no decisions of the dialogue."""
