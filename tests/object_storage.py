"""Object storage of this machine for tests: a server that speaks S3 and keeps everything in memory."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

KEY = {"files_key_id": "tester", "files_secret": "only-for-tests"}


@contextmanager
def a_bucket() -> Iterator[dict[str, str]]:
    """The settings of a site that keeps its files in a new bucket."""
    import boto3
    from moto.moto_server.threaded_moto_server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        endpoint = "http://{}:{}".format(*server.get_host_and_port())
        name = f"bucket-{uuid4()}"
        client = boto3.client(
            "s3",
            endpoint_url=endpoint,
            region_name="us-east-1",
            aws_access_key_id=KEY["files_key_id"],
            aws_secret_access_key=KEY["files_secret"],
        )
        client.create_bucket(Bucket=name)
        yield {"files_url": f"s3://{name}/site", "files_endpoint": endpoint, **KEY}
    finally:
        server.stop()
