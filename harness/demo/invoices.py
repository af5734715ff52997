"""The demo's invoices: made from a number, the same every time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

CUSTOMERS = ("Bakery Lind", "Café Orion", "Hotel Post", "Garage O'Neil", "Studio Näkk")
DELETED = 7
VAT = 0.19


@dataclass(frozen=True)
class Invoice:
    """Amounts in the tenant's currency. `customer` is None when it was deleted."""

    number: str
    customer: str | None
    date: str
    net: float
    vat: float

    @property
    def total(self) -> float:
        return round(self.net + self.vat, 2)


def invoices(settings: dict[str, Any], most: int | None = None) -> Iterator[Invoice]:
    """The tenant's invoices, the newest first."""
    count = int(settings["data"]["invoices"])
    rate = 0.0 if settings["billing"]["reverse_charge"] else VAT
    for place in range(1, min(count, most or count) + 1):
        net = 1000.0 * place
        gone = settings["data"]["deleted_customer"] and place == DELETED
        customer = None if gone else CUSTOMERS[place % len(CUSTOMERS)]
        yield Invoice(f"INV-{1000 + place}", customer, f"2026-01-{1 + place % 28:02d}", net, round(net * rate, 2))


def csv(settings: dict[str, Any], fixed: bool) -> str:
    """The export. A deleted customer has no name: the mended version leaves it empty, the other one breaks off."""
    rows = ["number,customer,date,net,vat,total"]
    for invoice in invoices(settings):
        if invoice.customer is None and not fixed:
            rows.append("AttributeError: 'NoneType' object has no attribute 'name'")
            break
        rows.append(f"{invoice.number},{invoice.customer or ''},{invoice.date},{invoice.net:.2f},{invoice.vat:.2f},{invoice.total:.2f}")
    return "\n".join(rows) + "\n"


def pdf(number: str, total: str) -> bytes:
    """A one-page PDF 1.4 file with a cross-reference table, written by hand."""
    stream = f"BT /F1 24 Tf 72 740 Td (Invoice {number}) Tj 0 -36 Td /F1 14 Tf (Total {total}) Tj ET".encode("latin-1", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for place, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (place, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)
