"""Prints, as JSON, what the Python package `uas-standards` says about the bodies and operations of an ASTM standard.

    pip download --no-deps uas-standards==4.4.0
    python3 extract.py uas_standards-4.4.0-py3-none-any.whl f3548/v21 > f3548.json
    python3 extract.py uas_standards-4.4.0-py3-none-any.whl f3411/v22a /dss/ > f3411_22a.json
    python3 extract.py uas_standards-4.4.0-py3-none-any.whl f3411/v19 /v1/dss/ > f3411_19.json

Only names, types, whether a field is required, values of enumerations and operations are taken; no prose. With a third
argument, only the operations whose paths begin so, and the types that their bodies need. The source is read, not run, so
nothing has to be installed.
"""

import ast
import json
import re
import sys
import zipfile


def type_name(node):
    """A type as text: `Time`, `list[Volume4D]`."""
    return ast.unparse(node)


def field(statement):
    """Name, type and necessity of one field; the package writes `| None` for what may be left out."""
    annotation, required = statement.annotation, True
    if isinstance(annotation, ast.BinOp) and ast.unparse(annotation.right) == "None":
        annotation, required = annotation.left, False
    return statement.target.id, {"type": type_name(annotation), "required": required}


def operation(call):
    words = {word.arg: word.value for word in call.keywords}
    responses = words["response_body_type"]
    return words["id"].value, {
        "verb": words["verb"].value,
        "path": words["path"].value,
        "request": ast.unparse(words["request_body_type"]),
        "responses": {str(status.value): ast.unparse(body) for status, body in zip(responses.keys, responses.values)},
    }


def needed(digest, name, found):
    """Adds the types that a value of the type `name` is made of."""
    name = re.sub(r"^list\[(.*)\]$", r"\1", name)
    if name in found:
        return
    found.add(name)
    if name in digest["aliases"]:
        needed(digest, digest["aliases"][name], found)
    for field in digest["objects"].get(name, {}).values():
        needed(digest, field["type"], found)


def keep_paths(digest, prefix):
    """Leaves out operations with other paths, and the types that only those need."""
    operations = {id: it for id, it in digest["operations"].items() if it["path"].startswith(prefix)}
    found = set()
    for operation in operations.values():
        for body in [operation["request"], *operation["responses"].values()]:
            needed(digest, body, found)
    digest["operations"] = operations
    for kind in ["aliases", "enums", "objects"]:
        digest[kind] = {name: it for name, it in digest[kind].items() if name in found}


def main(wheel, version, prefix=""):
    source = f"uas_standards/astm/{version}/api.py"
    with zipfile.ZipFile(wheel) as archive:
        tree = ast.parse(archive.read(source))
    digest = {"source": source, "licence": "Apache-2.0", "aliases": {}, "enums": {}, "objects": {}, "operations": {}}
    for node in tree.body:
        if isinstance(node, ast.Assign) and node.targets[0].id != "API_VERSION":
            digest["aliases"][node.targets[0].id] = type_name(node.value)
        elif isinstance(node, ast.AnnAssign) and node.target.id == "OPERATIONS":
            digest["operations"] = dict(operation(call) for call in node.value.values)
        elif isinstance(node, ast.ClassDef) and ast.unparse(node.bases[0]) == "ImplicitDict":
            digest["objects"][node.name] = dict(field(s) for s in node.body if isinstance(s, ast.AnnAssign))
        elif isinstance(node, ast.ClassDef) and node.name != "OperationID":
            digest["enums"][node.name] = [s.value.value for s in node.body if isinstance(s, ast.Assign)]
    if prefix:
        keep_paths(digest, prefix)
    json.dump(digest, sys.stdout, indent=1)
    print()


main(*sys.argv[1:])
