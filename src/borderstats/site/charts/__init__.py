"""Charts as inline SVG, each with the table of its figures."""
