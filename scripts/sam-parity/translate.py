"""Translates a folder of SAM templates with the official translator (pip install aws-sam-translator pyyaml).

    python translate.py IN OUT

writes OUT/<name>.json for each IN/<name>, or OUT/<name>.error where the translator refuses it. Local paths become
objects in a bucket first, as `sam validate` does it, since the translator takes only what was packaged.
"""

import json
import os
import pathlib
import sys

os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")

import yaml
from samtranslator.internal.managed_policies import get_bundled_managed_policy_map
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

LOCAL = {"CodeUri", "ContentUri", "DefinitionUri", "SchemaUri"}


class Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms, in which dates and numbers with a leading zero stay texts."""


def tagged(loader, suffix, node):
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix in ("Ref", "Condition"):
        return {suffix: value}
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {f"Fn::{suffix}": value}


Loader.add_multi_constructor("!", tagged)
Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def packaged(value):
    if isinstance(value, list):
        return [packaged(item) for item in value]
    if not isinstance(value, dict):
        return value
    result = {}
    for name, item in value.items():
        local = name in LOCAL and isinstance(item, str) and not item.startswith("s3://")
        result[name] = "s3://bucket/key" if local else packaged(item)
    if result.get("Type") == "AWS::Serverless::Application" and isinstance(result.get("Properties"), dict):
        if isinstance(result["Properties"].get("Location"), str):
            result["Properties"]["Location"] = "https://example.com/template.yaml"
    if result.get("Type") == "AWS::Serverless::Function" and isinstance(result.get("Properties"), dict):
        properties = result["Properties"]
        if properties.get("PackageType") == "Image":
            properties.setdefault("ImageUri", "123456789012.dkr.ecr.eu-west-1.amazonaws.com/repository:tag")
    return result


POLICIES = get_bundled_managed_policy_map("aws")


def translate(template):
    parameters = {
        name: declared["Default"]
        for name, declared in template.get("Parameters", {}).items()
        if isinstance(declared, dict) and "Default" in declared
    }
    return Translator(POLICIES, Parser()).translate(packaged(template), parameter_values=parameters)


def main(source, target):
    pathlib.Path(target).mkdir(parents=True, exist_ok=True)
    for file in sorted(pathlib.Path(source).iterdir()):
        try:
            translated = translate(yaml.load(file.read_text(), Loader))
            pathlib.Path(target, f"{file.name}.json").write_text(json.dumps(translated, indent=1, default=str))
        except Exception as error:  # what it refuses is no part of the comparison
            pathlib.Path(target, f"{file.name}.error").write_text(f"{type(error).__name__}: {error}")


main(*sys.argv[1:3])
