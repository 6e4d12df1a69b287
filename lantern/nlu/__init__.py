"""Rasa graph components of Lantern, named in config.yml in the order in which a message passes them."""
