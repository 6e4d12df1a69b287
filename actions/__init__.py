"""Custom actions: they choose a response and pass values. No wording, no reading of files."""
