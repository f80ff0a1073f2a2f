"""Hears what tasks tell; a task that waits is held until `release`."""

import queue
import socket
import threading


class Listener:
    def __init__(self):
        self._server = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self._server.getsockname()[1]
        self._heard = queue.Queue()
        self._released = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def next(self, seconds_max=30):
        """@returns the words of one task, in the order in which they came"""
        return self._heard.get(timeout=seconds_max)

    def release(self):
        self._released.set()

    def close(self):
        self.release()
        self._server.close()

    def _serve(self):
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return  # Closed: the test is over.
            data = b""
            while chunk := connection.recv(4096):
                data += chunk
            if data == b"wait":
                threading.Thread(target=self._hold, args=(connection,), daemon=True).start()
            else:
                connection.close()
                self._heard.put(data.decode().split("\t"))

    def _hold(self, connection):
        self._released.wait()
        connection.close()
