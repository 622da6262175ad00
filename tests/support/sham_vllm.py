"""A Python that, asked for vLLM, serves /health and writes what it was started with: for tests of who keeps servers running.

As a script it is that Python: `sham_vllm.py -m vllm.entrypoints.openai.api_server --port N …`. With the file `broken`
beside its log it dies at once; SIGTERM ends it after half a second, as if a request were under way.
"""

import json
import os
import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Health(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def main() -> None:
    folder = Path(os.environ["SHAM_FOLDER"])
    with (folder / "started.jsonl").open("a") as file:
        file.write(json.dumps({"pid": os.getpid(), "arguments": sys.argv[1:]}) + "\n")
    if (folder / "broken").exists():
        print("no memory for that", flush=True)
        sys.exit(3)

    def end(*_: object) -> None:
        time.sleep(0.3)
        (folder / "drained").touch()
        os._exit(0)

    signal.signal(signal.SIGTERM, end)
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[sys.argv.index("--port") + 1])), Health).serve_forever()


if __name__ == "__main__":
    main()
