"""From a publisher's file to observations: archive, recognise, read, refuse."""
