"""Measures what docs/benchmarks.md claims, one module a claim."""
