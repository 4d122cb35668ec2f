"""What is measured, and how to repeat it: `python -m benchmarks.web`, `python -m benchmarks.report`."""
