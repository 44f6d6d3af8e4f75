"""The least that a typer program can be: one command with one option."""

import typer

app = typer.Typer()


@app.command()
def size(nodes: int = 3) -> None:
    """Do nothing."""


if __name__ == "__main__":
    app()
