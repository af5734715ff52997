"""Makes the database of a small shop: twelve invoices, of which number seven belongs to a customer that was deleted.

shop_data.py FILE
"""

import sqlite3
import sys

TABLES = """
create table customers (id integer primary key, name text);
create table invoices (id integer primary key, number text, customer integer references customers(id), amount real, due text);
"""
CUSTOMERS = [(1, "Bakery Lind"), (2, "Cafe Orion"), (3, "Hotel Post")]
DELETED = 99


def invoice(number: int) -> tuple[int, str, int, float, str]:
    """One row of the table."""
    customer = DELETED if number == 7 else 1 + number % 3
    return number, f"INV-{1000 + number}", customer, 10.0 * number, f"2026-03-{number:02d}"


with sqlite3.connect(sys.argv[1]) as database:
    database.executescript(TABLES)
    database.executemany("insert into customers values (?, ?)", CUSTOMERS)
    database.executemany("insert into invoices values (?, ?, ?, ?, ?)", [invoice(number) for number in range(1, 13)])
