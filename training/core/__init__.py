"""The language core: a small multilingual transformer shared by all heads, and how it is trained."""
