"""Runs the unittest files of the current folder against one real broker, and ends with the suite's totals.

A suite's manifest says `"run": ["python3", "../../python/run_suite.py"]`. Its tests find the broker through
`broker.endpoint()`; the environment holds no other AWS setting than dummy credentials and a region.
"""

import os
import sys
import unittest

from broker import RunningBroker, isolate_environment


def main():
    isolate_environment()
    with RunningBroker() as broker:
        sys.path.insert(0, os.getcwd())
        tests = unittest.defaultTestLoader.discover(".", pattern="test_*.py")
        result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(tests)
    failed = {id(owner(test)) for test, _ in result.failures + result.errors}
    failures = len(failed) + len(result.unexpectedSuccesses)
    skipped = len(result.skipped)
    passed = result.testsRun - failures - skipped
    if broker.complaints:
        print("the broker ended badly:", *broker.complaints, sep="\n")
        failures += 1
    print(f"{passed} passed, {failures} failed, {skipped} skipped")
    return 1 if failures else 0


def owner(test):
    """A test counts once, however many of its subtests fail."""
    return getattr(test, "test_case", test)


if __name__ == "__main__":
    sys.exit(main())
