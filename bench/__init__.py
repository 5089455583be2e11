"""Measure what the extensions cost; ``docs/contributing/performance.md`` says how."""
