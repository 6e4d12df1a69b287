"""Lantern: what Rasa plugs in, and what the actions and the pages share. Importing it costs nothing."""
