"""Billing: invoices with VAT, exports, payment, the date of the next invoice."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template

from harness.demo.app import mended, page, settings, signed_in, user
from harness.demo.invoices import csv, invoices, pdf

pages = Blueprint("billing", __name__)


@pages.get("/billing")
@signed_in
def billing() -> Any:
    """The page."""
    return page("billing.html", invoices=list(invoices(settings(), most=12)))


@pages.get("/billing/invoices.csv")
@signed_in
def export() -> Any:
    """The CSV export."""
    disposition = {"Content-Disposition": 'attachment; filename="invoices.csv"'}
    return Response(csv(settings(), mended("csv-cut-off")), mimetype="text/csv", headers=disposition)


@pages.get("/billing/invoices/<number>.pdf")
@signed_in
def invoice_pdf(number: str) -> Any:
    """An invoice as PDF."""
    allowed = user().role != "viewer" or (settings()["permissions"]["viewers_download"] and mended("viewer-no-pdf"))
    if not allowed:
        return render_template("message.html", title="Not allowed", text="Viewers may not download invoices."), 403
    found = next((each for each in invoices(settings()) if each.number == number), None)
    if found is None:
        return render_template("message.html", title="Page not found", text="There is no such invoice."), 404
    disposition = {"Content-Disposition": f'attachment; filename="{found.number}.pdf"'}
    return Response(
        pdf(found.number, f"{found.total:.2f} {settings()['billing']['currency']}"), mimetype="application/pdf", headers=disposition
    )
