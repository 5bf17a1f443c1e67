"""Whether two documents tell the same story, on a scale. Light to import; see ``score``."""
