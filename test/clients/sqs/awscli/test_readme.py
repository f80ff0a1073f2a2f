import unittest

from readme import run_block


class Readme(unittest.TestCase):
    def test_the_commands_send_and_receive(self):
        self.assertIn('"Body": "one crate of oranges"', run_block("sh", ["sh", "-euc"], "sqs send-message"))
