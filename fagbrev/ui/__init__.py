"""How things are drawn: the form renderer and the geometry behind the drawings. Knows nothing of the domain."""
