import itertools
import os
import signal
import subprocess
import sys
import unittest

import boto3

from broker import endpoint
from listener import Listener

numbers = itertools.count()


class CeleryTest(unittest.TestCase):
    """Sender and workers are processes of their own, as they are in life."""

    def setUp(self):
        self.sqs = boto3.client("sqs", endpoint_url=endpoint())
        self.listener = Listener()
        self.addCleanup(self.listener.close)
        self.queue = f"celery-{next(numbers)}"
        self.environment = {
            **os.environ,
            "GANTRY_BROKER_URL": endpoint().replace("http://", "sqs://dummy:dummy@"),
            "GANTRY_LISTENER_PORT": str(self.listener.port),
            "GANTRY_QUEUE": self.queue,
        }

    def use_predefined_queue(self, **attributes):
        url = self.sqs.create_queue(QueueName=self.queue, Attributes=attributes)["QueueUrl"]
        self.environment["GANTRY_QUEUE_URL"] = url

    def send(self, code):
        program = f"from tasks import *\n{code}"
        subprocess.run([sys.executable, "-c", program], env=self.environment, check=True, timeout=60)

    def start_worker(self, concurrency=2):
        command = [sys.executable, "-m", "celery", "--app", "tasks", "worker", "--loglevel", "ERROR"]
        options = ["--concurrency", str(concurrency), "--without-gossip", "--without-mingle", "--without-heartbeat"]
        worker = subprocess.Popen(
            [*command, *options],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.addCleanup(kill, worker)
        return worker

    def stop(self, worker):
        """A warm shutdown: what has begun is finished and acknowledged."""
        worker.terminate()
        self.assertEqual(worker.wait(timeout=30), 0)

    def counts(self):
        url = self.sqs.get_queue_url(QueueName=self.queue)["QueueUrl"]
        names = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")]
        attributes = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        return [int(attributes[name]) for name in names]

    def test_a_worker_runs_every_task_once_from_a_queue_that_it_makes_itself(self):
        worker = self.start_worker()
        self.send("for number in range(100): report.delay(f'{number} 😀')")
        heard = [self.listener.next() for _ in range(100)]
        self.stop(worker)
        self.assertEqual(sorted(heard), sorted(["report", f"{number} 😀"] for number in range(100)))
        self.assertEqual(self.counts(), [0, 0, 0])

    def test_a_task_that_asks_for_it_is_tried_again_later(self):
        self.use_predefined_queue()
        worker = self.start_worker()
        self.send("fail_twice.delay()")
        heard = [self.listener.next() for _ in range(3)]
        self.stop(worker)
        self.assertEqual(heard, [["attempt", "0"], ["attempt", "1"], ["attempt", "2"]])
        self.assertEqual(self.counts(), [0, 0, 0])

    def test_the_task_of_a_worker_that_was_killed_goes_to_another(self):
        self.environment["GANTRY_VISIBILITY_SECONDS"] = "2"
        self.use_predefined_queue(VisibilityTimeout="2")
        self.send("hold.delay()")
        first = self.start_worker(concurrency=1)
        self.assertEqual(self.listener.next()[0], "holding")
        kill(first)
        second = self.start_worker(concurrency=1)
        self.assertEqual(self.listener.next()[0], "holding")
        self.listener.release()
        self.stop(second)
        self.assertEqual(self.counts(), [0, 0, 0])

    def test_a_fifo_queue_gives_the_tasks_of_a_group_in_order(self):
        self.queue = self.environment["GANTRY_QUEUE"] = f"{self.queue}.fifo"
        self.use_predefined_queue(FifoQueue="true")
        self.send(
            "for number in range(20):\n"
            "  ids = {'MessageGroupId': 'g', 'MessageDeduplicationId': str(number)}\n"
            "  report.apply_async([number], **ids)"
        )
        worker = self.start_worker(concurrency=1)
        heard = [self.listener.next() for _ in range(20)]
        self.stop(worker)
        self.assertEqual(heard, [["report", str(number)] for number in range(20)])
        self.assertEqual(self.counts(), [0, 0, 0])


def kill(worker):
    """With its children, as when a machine fails; harmless when it has ended."""
    if worker.poll() is None:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
