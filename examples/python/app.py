"""A CDK app in Python: one session table, and the same sessions in a function in Python and in one in TypeScript."""
import shutil
import subprocess
import sys
from pathlib import Path

import jsii
from aws_cdk import App, BundlingOptions, DockerImage, ILocalBundling, Stack
from aws_cdk import aws_lambda as lambda_
from cdk_session_table import SessionFunction, SessionTable

HERE = Path(__file__).resolve().parent
CHAT = HERE / "chat"


@jsii.implements(ILocalBundling)
class WithRequirements:
    """The handler's folder with its requirements installed beside it; no Docker needed."""

    def try_bundle(self, output_dir, *args, **kwargs):
        shutil.copytree(CHAT, output_dir, dirs_exist_ok=True)
        # Without what session-lambda depends on: boto3 is part of Lambda's Python.
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*pip, "--requirement", CHAT / "requirements.txt", "--target", output_dir], check=True)
        return True


app = App()
stack = Stack(app, "PythonExample")

chat = lambda_.Function(
    stack,
    "Chat",
    runtime=lambda_.Runtime.PYTHON_3_12,  # the newest that session-lambda runs on
    handler="handler.handler",
    code=lambda_.Code.from_asset(
        str(CHAT),
        bundling=BundlingOptions(image=DockerImage.from_registry("none: bundled locally"), local=WithRequirements()),
    ),
)

sessions = SessionTable(stack)
sessions.attach(chat)

SessionFunction(stack, "Counter", session_table=sessions, entry=str(HERE / "counter" / "handler.ts"))

app.synth()
