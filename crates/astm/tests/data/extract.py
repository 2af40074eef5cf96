"""Prints, as JSON, what the Python package `uas-standards` says about the bodies and operations of ASTM F3548-21.

    pip download --no-deps uas-standards==4.4.0
    python3 extract.py uas_standards-4.4.0-py3-none-any.whl > f3548.json

Only names, types, whether a field is required, values of enumerations and operations are taken; no prose. The source is
read, not run, so nothing has to be installed.
"""

import ast
import json
import sys
import zipfile

SOURCE = "uas_standards/astm/f3548/v21/api.py"


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


def main(wheel):
    with zipfile.ZipFile(wheel) as archive:
        tree = ast.parse(archive.read(SOURCE))
    digest = {"source": SOURCE, "licence": "Apache-2.0", "aliases": {}, "enums": {}, "objects": {}, "operations": {}}
    for node in tree.body:
        if isinstance(node, ast.Assign) and node.targets[0].id != "API_VERSION":
            digest["aliases"][node.targets[0].id] = type_name(node.value)
        elif isinstance(node, ast.AnnAssign) and node.target.id == "OPERATIONS":
            digest["operations"] = dict(operation(call) for call in node.value.values)
        elif isinstance(node, ast.ClassDef) and ast.unparse(node.bases[0]) == "ImplicitDict":
            digest["objects"][node.name] = dict(field(s) for s in node.body if isinstance(s, ast.AnnAssign))
        elif isinstance(node, ast.ClassDef) and node.name != "OperationID":
            digest["enums"][node.name] = [s.value.value for s in node.body if isinstance(s, ast.Assign)]
    json.dump(digest, sys.stdout, indent=1)
    print()


main(sys.argv[1])
