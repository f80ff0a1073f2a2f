"""The keys of gantry.yaml, and clients that sign with them."""

import boto3
from botocore.config import Config

from broker import endpoint

OPERATOR = ("AKIAOPERATOR", "secret/of+the=operator")
SHOP = ("AKIASHOP", "secret of the shop")


def client(service, key, endpoint_url=None, **options):
    key_id, secret, *token = key
    return boto3.client(
        service,
        endpoint_url=endpoint_url or endpoint(),
        aws_access_key_id=key_id,
        aws_secret_access_key=secret,
        aws_session_token=token[0] if token else None,
        config=Config(retries={"total_max_attempts": 1}, **options),
    )


def key_of(credentials):
    return credentials["AccessKeyId"], credentials["SecretAccessKey"], credentials["SessionToken"]
