import sys
import unittest

from readme import run_block


class Readme(unittest.TestCase):
    def test_the_program_sends_receives_and_deletes(self):
        self.assertEqual(run_block("python", [sys.executable, "-c"], "boto3").strip(), "one crate of oranges")
