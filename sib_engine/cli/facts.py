"""`sib facts`: files of facts about people."""

from pathlib import Path

import click

from sib_engine.cli.options import refuse_overwriting


@click.group(short_help="Made-up facts about people, to try the engine on.")
def facts() -> None:
    """Files of facts about people: an example to try the engine on.

    Example: sib facts example mhep/enfield --out facts.csv
    """


@facts.command()
@click.argument("contract")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Same seed, same file.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="CSV file to write.")
def example(contract: str, *, seed: int, out: Path) -> None:
    """Write made-up facts from which the published counts of CONTRACT follow.

    Every person in the file is synthetic; only the totals are published.

    Example: sib facts example mhep/enfield --out facts.csv
    """
    from sib_engine.cli.printing import console
    from sib_engine.services.make_example import make_example

    refuse_overwriting(out, contract)
    n_lines, counts = make_example(contract, out, seed=seed)
    told = ", ".join(f"{count:,} {metric}" for metric, count in counts.items())
    console().print(f"{n_lines:,} SYNTHETIC lines written to {out}; what counts in them: {told}", soft_wrap=True)
