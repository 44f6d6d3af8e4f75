"""``python -m ipplan``."""

from ipplan.cli import run

if __name__ == "__main__":
    run()
