"""Reads one request a line and answers each with one line: tools/verify.py as it is."""
import base64
import importlib.util
import json
import os
import pathlib
import sys
import tempfile
import traceback

sys.dont_write_bytecode = True
spec = importlib.util.spec_from_file_location("verify", pathlib.Path(__file__).parents[2] / "tools" / "verify.py")
verify = importlib.util.module_from_spec(spec)
spec.loader.exec_module(verify)


def unzip(data):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "bundle.zip")
        with open(path, "wb") as file:
            file.write(data)
        return verify.read_bundle(path)


def answer(request):
    try:
        files = unzip(base64.b64decode(request["zip"])) if request.get("zip") else {name: base64.b64decode(data) for name, data in request["files"].items()}
        found = verify.verify(files, request.get("announcedSha256"), request.get("scope") == "BelowMinimum", request.get("upgrade", False))
        told = list(verify.tell(request["ticket"], found["outcome"])) if request.get("ticket") else []
        contents = {name: base64.b64encode(data).decode() for name, data in files.items()} if request.get("zip") else None
        return {"ok": True, "rehearsal": found["rehearsal"], "log": found["log"], "struck": found["struck"], "told": told, "contents": contents}
    except verify.Fault as fault:
        return {"ok": False, "file": fault.file, "line": fault.line, "message": str(fault)}
    except Exception:  # a crash is an answer too: the test shows it
        return {"ok": False, "file": "crash", "message": traceback.format_exc()}


sys.stdin.reconfigure(encoding="utf-8")
sys.stdout.reconfigure(encoding="utf-8")
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
