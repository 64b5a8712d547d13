"""Invokes a handler of the PyPI package session-lambda.

Reads from the standard input an invocation, {id, update, ttl, seed?, set?}, and writes what came of it: {id, found} or
{error}. What is set and found is written as `decode` and `encode` have it.
"""
import base64
import json
import sys
from decimal import Decimal

from boto3.dynamodb.types import Binary
from session_lambda import get_session_data, session, set_session_data, use_session_id_from_seed


def encode(data):
    """What JSON has no type for becomes an object of one field: {"decimal": "1.5"}, {"bytes": base64}, {"set": [...]}."""
    if isinstance(data, dict):
        return {name: encode(value) for name, value in data.items()}
    if isinstance(data, list):
        return [encode(value) for value in data]
    if isinstance(data, set):
        return {"set": sorted(map(encode, data), key=json.dumps)}
    if isinstance(data, Binary):
        return {"bytes": base64.b64encode(data.value).decode()}
    return {"decimal": f"{data:f}"} if isinstance(data, Decimal) else data


def decode(data):
    if isinstance(data, list):
        return [decode(value) for value in data]
    if not isinstance(data, dict):
        return data
    if data.keys() == {"decimal"}:
        return Decimal(data["decimal"])
    if data.keys() == {"bytes"}:
        return base64.b64decode(data["bytes"])
    if data.keys() == {"set"}:
        return set(map(decode, data["set"]))
    return {name: decode(value) for name, value in data.items()}


def invoke(invocation):
    @session(update=invocation["update"], ttl=invocation["ttl"])
    def handler(event, context):
        if "seed" in invocation:
            use_session_id_from_seed(invocation["seed"])
        found = get_session_data()
        if "set" in invocation:
            set_session_data(decode(invocation["set"]))
        return {"statusCode": 200, "headers": {}, "body": found}

    try:
        response = handler({"headers": {"session-id": invocation["id"]}}, None)
    except Exception as error:  # reported, for it may be what is expected
        return {"error": f"{type(error).__name__}: {error}"}
    return {"id": response["headers"]["session-id"], "found": encode(response["body"])}


json.dump(invoke(json.load(sys.stdin)), sys.stdout)
