#!/usr/bin/python3
"""Reads OpenMetrics from standard input with Prometheus's own parser, and writes a line a sample: name, labels as JSON, value.

A text that the parser refuses, or a metric without help, ends it with an error.
"""
import json
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families

for family in text_string_to_metric_families(sys.stdin.read()):
    assert family.documentation and family.documentation != family.name, f"{family.name} has no help"
    for sample in family.samples:
        print(f"{sample.name} {json.dumps(sample.labels, sort_keys=True)} {sample.value}")
