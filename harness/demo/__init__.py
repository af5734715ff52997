"""The embedded demo staging: a small multi-tenant SaaS with documented defects. It stands alone and knows nothing of the harness."""

from __future__ import annotations

SECRETS = {
    "DEMO_OWNER_PASSWORD": "orbit-owner-pass",
    "DEMO_VIEWER_PASSWORD": "orbit-viewer-pass",
    "DEMO_PERCENT_PASSWORD": "Sommer%2024",
    "DEMO_TOTP": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
    "DEMO_ADMIN_TOKEN": "demo-admin-token",
}
"""The demo's passwords are public: name -> value, as the scenarios' customers and environment declare them."""
