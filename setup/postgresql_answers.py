"""Says by its exit code whether the PostgreSQL server of TEST_POSTGRESQL_URL answers."""

import os
import sys

import psycopg

try:
    psycopg.connect(os.environ["TEST_POSTGRESQL_URL"], connect_timeout=3).close()
except psycopg.Error:
    sys.exit(1)
