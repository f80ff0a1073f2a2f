import subprocess
import unittest

from docker_folder import FOLDER


def hadolint(dockerfile):
    """@returns the complaints, one a line"""
    done = subprocess.run(
        ["hadolint", "--no-color", "--failure-threshold", "style", "-"],
        input=dockerfile,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, (done.stdout + done.stderr).splitlines()


class Dockerfile(unittest.TestCase):
    def test_hadolint_has_no_complaint(self):
        self.assertEqual(hadolint((FOLDER / "Dockerfile").read_text()), (0, []))

    def test_hadolint_finds_what_is_planted(self):
        planted = (FOLDER / "Dockerfile").read_text().replace("node:22-bookworm-slim AS", "node:latest AS")

        code, complaints = hadolint(planted)

        self.assertEqual(code, 1)
        self.assertIn("DL3007", "\n".join(complaints))
