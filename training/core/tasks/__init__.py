"""The heads: each task's data, head, loss and measurement."""
