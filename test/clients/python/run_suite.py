"""Runs the unittest files of a folder against one real broker, and ends with the suite's totals.

A suite's manifest says `"run": ["python3", "../../python/run_suite.py"]`, which means its own folder; another one, whose
tests are to be run with other packages, may follow. A `gantry.yaml` in that folder is the broker's. The tests find the broker through
`broker.endpoint()`; the environment holds no other AWS setting than dummy credentials and a region.
"""

import os
import sys
import unittest

from broker import RunningBroker, isolate_environment


def main():
    isolate_environment()
    folder = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else ".")
    config = os.path.join(folder, "gantry.yaml")
    with RunningBroker(*(["--config", config] if os.path.exists(config) else [])) as broker:
        os.chdir(folder)
        sys.path.insert(0, folder)
        tests = unittest.defaultTestLoader.discover(folder, pattern="test_*.py")
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
