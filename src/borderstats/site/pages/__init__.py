"""What each page shows, made of a release; the templates say how."""
