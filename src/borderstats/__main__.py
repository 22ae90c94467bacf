"""`python -m borderstats`: the command, for where its script is not on the path."""

from borderstats.cli import main

if __name__ == "__main__":
    main()
