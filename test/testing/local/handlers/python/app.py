"""A handler in Python: it answers, or fails."""
import os


def handler(event, context):
    if event.get("fail"):
        raise ValueError("broken")
    return {"event": event, "cwd": os.getcwd(), "mine": os.environ.get("MINE"), "id": context.aws_request_id}
