"""Serves the handler that is named on the command line by the Lambda Runtime API."""
import importlib
import json
import os
import sys
import traceback
import types
import urllib.request

API = "http://%s/2018-06-01/runtime/" % os.environ["AWS_LAMBDA_RUNTIME_API"]


def post(place, body):
    urllib.request.urlopen(urllib.request.Request(API + place, json.dumps(body).encode(), method="POST")).read()


module, name = sys.argv[1].rsplit(".", 1)
handle = getattr(importlib.import_module(module), name)
while True:
    with urllib.request.urlopen(API + "invocation/next") as response:
        request_id = response.headers["Lambda-Runtime-Aws-Request-Id"]
        event = json.loads(response.read())
    try:
        answer = handle(event, types.SimpleNamespace(aws_request_id=request_id))
        post("invocation/%s/response" % request_id, answer)
    except Exception as error:
        lines = traceback.format_tb(error.__traceback__)
        failure = {"errorMessage": str(error), "errorType": type(error).__name__, "stackTrace": lines}
        post("invocation/%s/error" % request_id, failure)
