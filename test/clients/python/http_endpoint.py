"""A real HTTP server on loopback, in the process of the tests."""

import http.server
import queue
import threading

WAIT_SECONDS_MAX = 20


class HttpEndpoint:
    """Answers `status` to what is posted, and keeps it to be taken one by one."""

    def __init__(self, status=200):
        posts = queue.Queue()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()
                posts.put((self.path, self.headers, body))

            def log_message(self, *_):
                """Standard output belongs to the totals."""

        self._posts = posts
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def take(self):
        """@returns path, headers and body of the oldest post that nobody has taken"""
        return self._posts.get(timeout=WAIT_SECONDS_MAX)

    def close(self):
        self._server.shutdown()
        self._server.server_close()
