"""The head of persuasion: from the corpus of the UNLP 2025 shared task to a file of weights of its own."""
