import json

import jsonschema
import pytest

from ipplan.schemas import json_schema

COMMANDS = ["size", "fit", "sweep"]


def objects(schema):
    return [schema, *schema["$defs"].values()]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_schema_is_a_schema(command):
    schema = json_schema(command)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert json.loads(json.dumps(schema)) == schema


@pytest.mark.parametrize("command", COMMANDS)
def test_every_key_is_required_and_described(command):
    for part in objects(json_schema(command)):
        assert part["description"]
        assert sorted(part["required"]) == sorted(part["properties"])
        for name, each in part["properties"].items():
            assert each.get("description"), (part["title"], name)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_schema_tells_its_document_from_others(command):
    schema = json_schema(command)
    assert schema["properties"]["kind"]["const"] == f"ipplan.{command}"
    other = {"kind": "ipplan.other"}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(other, schema)


def test_there_is_no_schema_of_what_has_no_document():
    with pytest.raises(KeyError):
        json_schema("models")
