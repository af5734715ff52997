"""The JSON Schemas fit the contract's own samples, and every verb's and condition's example is a right one."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from harness.diagnostics import Source
from harness.scenario import conditions, steps
from harness.scenario.customer import decode_customer
from harness.scenario.environment import decode_environment
from harness.scenario.scenario import decode_flow, decode_scenario
from harness.scenario.schema import CLASSES, schema_of
from harness.scenario.shapes import Decoder
from harness.scenario.source import parse, plain

SCENARIO = """
title: Dashboard stays blank for EU tenants
ticket: SUP-1423
area: dashboard
status: open
report: |
  Since Monday the dashboard just spins.
customer: acme-eu
environment: staging
control: baseline
setup:
  - use: login
steps:
  - goto: /dashboard
  - click: button "Last 30 days"
  - reload
  - fill: {textbox "Email": jane@acme.example}
  - select: {locator: {label: Country}, value: Norway}
  - request: POST /api/sync
    json: {full: true, at: 2026-01-31}
    expect_status: [200, 202]
    save: {job: $.id}
  - poll: GET /api/jobs/${saved.job}
    every: 1s
    timeout: 30s
    until: {json: {$.state: done}}
  - together:
      - click: button "Save"
      - {click: button "Save", as: viewer}
symptom:
  visible: status "Loading"
  for: 10s
expected:
  all: [visible: heading "Revenue", not: {text: status, matches: /loading/i}]
within: 15s
attempts: 5
cleanup:
  - request: DELETE /api/views/${run.token}
"""
CUSTOMER = """
name: Acme GmbH
tenant: acme-eu
baseline: baseline
account:
  email: jane@acme.example
  password: ${secrets.ACME_PASSWORD}
  totp: ${secrets.ACME_TOTP}
accounts: {viewer: {email: vic@acme.example, tenant_code: 7}}
browser:
  engine: chromium
  device: iPhone 15
  locale: de-DE
  timezone: Europe/Berlin
  viewport: 1366x768
  color_scheme: dark
  permissions: [clipboard-read, geolocation]
  geolocation: {latitude: 52.5, longitude: 13.4}
  headers: {X-Proxy: acme}
  http_credentials: {username: u, password: "${secrets.ACME_PASSWORD}"}
  cookies: [{name: a, value: b}]
  local_storage: {theme: dark}
  javascript: true
network: {profile: slow-3g, block: ["*.intercom.io"]}
clock: 2026-01-31T23:50
settings:
  plan: enterprise
  features: {new_dashboard: true}
  integrations: {crm: {enabled: true, region: eu}}
secrets: [ACME_PASSWORD, ACME_TOTP]
"""
ENVIRONMENT = """
base_url: https://staging.example.com
allow_hosts: ["*.cdn.example.com"]
health: {request: GET /healthz}
version: {request: GET /version, json: $.sha}
apply:
  - request: PUT /admin/tenants/${customer.tenant}/settings
    json: ${customer.settings}
read_back: {request: "GET /admin/tenants/${customer.tenant}/settings"}
restore: [{request: "PUT /admin/tenants/${customer.tenant}/settings", json: "${saved.before}"}]
customer_settable: [integrations.*, profile.*]
mask: [testid: api-key]
allow_evaluate: false
secrets: [STAGING_ADMIN_TOKEN]
"""
FLOW = """
params: {page: , tab: {default: latest, doc: which tab}}
session: true
steps: [goto: "${params.page}"]
"""
SAMPLES = {
    "scenario": (SCENARIO, decode_scenario),
    "customer": (CUSTOMER, decode_customer),
    "environment": (ENVIRONMENT, decode_environment),
    "flow": (FLOW, decode_flow),
}


@pytest.mark.parametrize("kind", sorted(SAMPLES))
def test_the_contracts_samples_decode_and_fit_their_schema(kind: str) -> None:
    text, decode = SAMPLES[kind]
    decoder = Decoder()
    node = parse(Source("sample.yaml", text))
    decode("sample", node, decoder)  # type: ignore[operator]
    assert [problem.render() for problem in decoder.problems] == []
    errors = [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema_of(kind)).iter_errors(plain(node))]
    assert errors == []


@pytest.mark.parametrize("kind", sorted(CLASSES))
def test_schemas_are_2020_12(kind: str) -> None:
    Draft202012Validator.check_schema(schema_of(kind))


def errors_of(kind: str, value: Any) -> list[str]:
    return [error.message for error in Draft202012Validator(schema_of(kind)).iter_errors(value)]


@pytest.mark.parametrize(
    "change",
    [
        {"titel": "T"},
        {"status": "closed"},
        {"within": 15},
        {"attempts": 0},
        {"steps": [{"clik": "x"}]},
        {"symptom": {"visble": "x"}},
        {"symptom": None},
    ],
)
def test_the_schema_refuses_what_the_decoder_refuses(change: dict[str, Any]) -> None:
    right: dict[str, Any] = {"title": "T", "steps": [{"goto": "/"}], "symptom": {"visible": "alert"}}
    assert errors_of("scenario", right) == []
    assert errors_of("scenario", right | change) != []


@pytest.mark.parametrize("verb", sorted(steps.VERBS))
def test_examples_of_verbs(verb: str) -> None:
    node = parse(Source("example.yaml", steps.VERBS[verb].example))
    decoder = Decoder()
    step = steps.REGISTRY.shape.decode(node, decoder)
    assert decoder.problems == []
    assert step.action.verb == verb
    scenario = {"title": "T", "steps": [plain(node)], "symptom": {"visible": "alert"}}
    assert errors_of("scenario", scenario) == []


@pytest.mark.parametrize("key", sorted(conditions.CHECKS))
def test_examples_of_conditions(key: str) -> None:
    cls = conditions.CHECKS[key]
    node = parse(Source("example.yaml", cls.example))
    decoder = Decoder()
    condition = conditions.SHAPE.decode(node, decoder)
    assert decoder.problems == []
    assert isinstance(condition.check, cls)  # type: ignore[union-attr]
    assert errors_of("scenario", {"title": "T", "steps": ["reload"], "symptom": plain(node)}) == []
