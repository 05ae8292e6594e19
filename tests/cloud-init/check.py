"""Says whether user data is what cloud-init's own schema wants: check.py SCHEMA FILE. schemathesis brings what reads both."""

import json
import sys

import jsonschema_rs
import yaml

schema, file = sys.argv[1:]
with open(schema, encoding="utf-8") as text:
    validator = jsonschema_rs.Draft4Validator(json.load(text))
with open(file, encoding="utf-8") as text:
    content = text.read()

faults = [f"{'.'.join(map(str, e.instance_path))}: {e.message}" for e in validator.iter_errors(yaml.safe_load(content))]
if not content.startswith("#cloud-config\n"):
    faults.append("the first line is not #cloud-config")
print("\n".join(f"{file}: {fault}" for fault in faults) or f"{file}: as cloud-init wants it")
sys.exit(len(faults) > 0)
