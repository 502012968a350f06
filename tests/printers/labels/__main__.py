"""Prints how many labels are read back: `python -m tests.printers.labels --labels 504`."""

import argparse
import random

from tests.printers.labels.label_samples import campaign, expected, photographed
from tests.printers.labels.test_labels import read


def main() -> None:
    """Every label straight from the printer, and once as a phone sees it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--labels", type=int, default=504)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    rng = random.Random(asked.seed)
    straight = seen = 0
    for number, (name, fields, picture) in enumerate(campaign(asked.labels, asked.seed)):
        wanted = expected(name, fields)
        straight += read(picture) == wanted
        photo = photographed(picture, rng, (1.0, 1.5, 2.0)[number % 3], rng.uniform(-6, 6))
        seen += set(read(photo)) >= set(wanted)
    print(f"labels {asked.labels}: read {straight}, blurred and turned up to 6°: read {seen}")


if __name__ == "__main__":
    main()
