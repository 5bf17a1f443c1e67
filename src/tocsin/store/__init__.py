"""The case on disk; the only package that imports a database engine."""
