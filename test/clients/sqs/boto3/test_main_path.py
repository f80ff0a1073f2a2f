import json
import os
import subprocess
import sys

import botocore

from broker import endpoint
import main_path
from world import SqsTest, is_query


class MainPath(SqsTest):
    def test_it_works_through_an_explicit_endpoint(self):
        self.assertEqual(main_path.run(self.sqs), main_path.expected(endpoint(), "us-east-1"))

    def test_it_works_for_a_program_that_AWS_ENDPOINT_URL_SQS_alone_leads_to_the_broker(self):
        environment = {
            **os.environ,
            "AWS_ENDPOINT_URL_SQS": endpoint(),
            "AWS_DEFAULT_REGION": "eu-west-3",
            "AWS_REGION": "eu-west-3",
        }
        del environment["GANTRY_ENDPOINT"]
        output = subprocess.run(
            [sys.executable, "main_path.py"], env=environment, stdout=subprocess.PIPE, check=True
        ).stdout
        self.assertEqual(json.loads(output), main_path.expected(endpoint(), "eu-west-3"))

    def test_it_was_asked_in_the_protocol_of_this_botocore(self):
        version = tuple(int(part) for part in botocore.__version__.split("."))
        self.assertEqual(is_query(), version < (1, 31, 81))
