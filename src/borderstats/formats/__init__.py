"""A release in further formats: each module makes files of a release from what is read of its folder."""
