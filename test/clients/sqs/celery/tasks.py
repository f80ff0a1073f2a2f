"""The application that worker and sender share; the environment says which queue it uses and how."""

import os
import socket

from celery import Celery

QUEUE = os.environ["GANTRY_QUEUE"]

app = Celery("tasks", broker=os.environ["GANTRY_BROKER_URL"])
app.conf.update(
    broker_transport_options={
        "region": "us-east-1",
        "is_secure": False,
        "visibility_timeout": int(os.environ.get("GANTRY_VISIBILITY_SECONDS", "60")),
        "wait_time_seconds": 1,
        "polling_interval": 0.1,
    },
    task_default_queue=QUEUE,
    task_acks_late=True,
    worker_prefetch_multiplier=1,
    worker_enable_remote_control=False,
)
if "GANTRY_QUEUE_URL" in os.environ:
    app.conf.broker_transport_options["predefined_queues"] = {
        QUEUE: {
            "url": os.environ["GANTRY_QUEUE_URL"],
            "access_key_id": "dummy",
            "secret_access_key": "dummy",
        }
    }


def tell(*words):
    """The test hears it at once, also of a worker that will be killed."""
    address = ("127.0.0.1", int(os.environ["GANTRY_LISTENER_PORT"]))
    with socket.create_connection(address) as connection:
        connection.sendall("\t".join(map(str, words)).encode())


@app.task
def report(word):
    tell("report", word)


@app.task(bind=True, max_retries=5, default_retry_delay=1)
def fail_twice(self):
    tell("attempt", self.request.retries)
    if self.request.retries < 2:
        raise self.retry()


@app.task
def hold():
    """Runs until its worker is killed, or until the test lets it go."""
    tell("holding", os.getpid())
    with socket.create_connection(("127.0.0.1", int(os.environ["GANTRY_LISTENER_PORT"]))) as connection:
        connection.sendall(b"wait")
        connection.shutdown(socket.SHUT_WR)
        connection.recv(1)
