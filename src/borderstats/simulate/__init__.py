"""Synthetic records whose margins are published figures: for tests, training and benchmarks, never for statistics.

The path: `margins` (published figures as cells of whole events), `parts` (cells as rows with a time), `persons` (who
returns), `sequel` (custody, outcomes, screening, prosecution), `batches` (columns), `files` (Parquet). It starts in `run`.
"""
