import unittest

import kubernetes_validate
import yaml

from docker_folder import FOLDER

# The oldest that is looked after, and the newest that the schemas know.
VERSIONS = ["1.33", "1.37"]


def documents():
    for path in sorted((FOLDER / "kubernetes").glob("*.yaml")):
        for document in yaml.safe_load_all(path.read_text()):
            yield path.name, document


class Kubernetes(unittest.TestCase):
    def test_every_manifest_fits_the_schema_and_names_nothing_unknown(self):
        kinds = []
        for name, document in documents():
            for version in VERSIONS:
                with self.subTest(file=name, kind=document["kind"], version=version):
                    kubernetes_validate.validate(document, version, strict=True)
            kinds.append(document["kind"])

        self.assertEqual(sorted(kinds), ["NetworkPolicy", "Service", "StatefulSet"])

    def test_a_misspelt_field_is_found(self):
        planted = next(document for _, document in documents() if document["kind"] == "StatefulSet")
        planted["spec"]["template"]["spec"]["securityContext"]["runAsNotRoot"] = True

        with self.assertRaises(kubernetes_validate.ValidationError):
            kubernetes_validate.validate(planted, VERSIONS[-1], strict=True)
