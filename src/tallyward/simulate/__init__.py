"""What a fleet and its faults would do: input with known truth for the demo, the tests and the benchmarks."""
