"""Figures of alternating runs: medians, ratios within a round, goals, and tables of them."""

import statistics


def alternate(names, rounds):
    """(round, name) in the order to run them: every other round backwards, so that a drift of the machine hits nobody
    alone."""
    for number in range(rounds):
        for name in names if number % 2 == 0 else reversed(names):
            yield number, name


class Samples:
    """Figures by row, figure and round."""

    def __init__(self):
        self.rows = {}

    def add(self, name, number, figures):
        self.rows.setdefault(name, {}).setdefault(number, {}).update(figures)

    def values(self, name, figure):
        return [sample[figure] for sample in self.rows.get(name, {}).values() if figure in sample]

    def median(self, name, figure):
        values = self.values(name, figure)
        return statistics.median(values) if values else None

    def ratio(self, name, reference, figure):
        """The median of the ratios within each round, so that what changes between rounds cancels out."""
        theirs = self.rows.get(reference, {})
        pairs = [(sample[figure], theirs[number][figure]) for number, sample in self.rows.get(name, {}).items()
                 if figure in sample and figure in theirs.get(number, {})]
        ratios = [mine / other for mine, other in pairs if other]
        return statistics.median(ratios) if ratios else None

    def medians(self):
        """As rows of a result."""
        for name, rounds in self.rows.items():
            figures = dict.fromkeys(figure for sample in rounds.values() for figure in sample)
            yield {"name": name, "rounds": len(rounds)} | {f: self.median(name, f) for f in figures}

    def show(self, title, figures, reference=None):
        """A table; `figures` is [(figure, heading, digits)]. Behind each median its ratio to the reference's."""
        shown = [f for f in figures if any(self.values(name, f[0]) for name in self.rows)]
        headings = [""]
        for _, heading, _ in shown:
            headings += [heading, f"/{reference}"] if reference else [heading]
        lines = []
        for name in self.rows:
            line = [name]
            for figure, _, digits in shown:
                values = self.values(name, figure)
                line.append(f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}-{max(values):.{digits}f})"
                            if values else "-")
                if reference:
                    ratio = self.ratio(name, reference, figure)
                    line.append("-" if ratio is None else f"{ratio:.2f}")
            lines.append(line)
        table(title, headings, lines)


def goal(words, measured, limit, most=True, unit="", digits=2):
    """`most`: the limit is the most that is allowed, else the least. None was not measured and is not reached."""
    reached = measured is not None and (measured <= limit if most else measured >= limit)
    shown = "not measured" if measured is None else f"{measured:.{digits}f}{unit}"
    return {"goal": words, "measured": shown, "value": measured, "reached": reached,
            "limit": f"{'<=' if most else '>='} {limit:g}{unit}"}


def table(title, headings, lines):
    """Prints it in Markdown, with columns that line up."""
    cells = [[str(cell) for cell in line] for line in [headings, *lines]]
    widths = [max(len(line[i]) for line in cells) for i in range(len(headings))]

    def row(line):
        return "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |"

    print(f"\n{title}\n\n{row(cells[0])}\n|{'|'.join('-' * (width + 2) for width in widths)}|")
    print("\n".join(row(line) for line in cells[1:]), flush=True)
