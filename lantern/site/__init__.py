"""The pages that the Rasa server shows beside the channel."""
