"""What the sample company can do: typed functions over its orders and the home's own store."""

import csv
import uuid
from collections.abc import Mapping
from datetime import date
from typing import Literal

from agent.errors import ToolFailed
from agent.tools.operation import CallContext, Records
from agent.types import JsonValue

_RATES = {"3": 0.0, "6": 4.9, "12": 8.9, "24": 11.9}
_SEATS = 2  # appointments at one store in one half of a day
_STATUS = {
    "processing": ("being prepared", "正在备货"),
    "shipped": ("on its way", "已发货"),
    "delivered": ("delivered", "已签收"),
    "delayed": ("delayed", "已延误"),
    "returned": ("returned", "已退货"),
    "cancelled": ("cancelled", "已取消"),
}


def find_order(order_number: str, email: str, context: CallContext) -> Mapping[str, JsonValue]:
    """The status, content and price of an order, for whoever knows the e-mail address it was placed with."""
    wanted = _numbered(order_number)
    with (context.folder / "orders.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["order_number"] == wanted and row["email"].lower() == email.strip().lower():
                words = _STATUS.get(row["status"], (row["status"], row["status"]))
                return {**row, "total_usd": float(row["total_usd"]), "status_words": words[context.language == "zh"]}
    raise ToolFailed("not_found", "There is no such order with that e-mail address.")


async def request_refund(
    order_number: str,
    email: str,
    reason: Literal["damaged", "wrong_item", "not_wanted", "late"],
    context: CallContext,
) -> Mapping[str, JsonValue]:
    """Requests the refund of a whole order; a colleague checks it. An order has one request."""
    order = find_order(order_number, email, context)
    if order["status"] in {"returned", "cancelled"}:
        raise ToolFailed("not_refundable", f"The order is {order['status']}: its refund is under way already.")
    wanted = _numbered(order_number)
    number = wanted.replace("LO", "RF")
    data: dict[str, JsonValue] = {"order": wanted, "reason": reason, "amount_usd": order["total_usd"]}
    await _records(context).add("refund_request", number, data, subject=wanted)
    return {"number": number, "amount_usd": order["total_usd"]}


_Service = Literal["repair", "setup", "trade_in", "loan"]
_Store = Literal["millford", "easthaven", "old_town", "northgate"]


def appointment_day(service: _Service, store: _Store, day: date) -> Mapping[str, JsonValue]:
    """Whether a store is open, and has a desk for the service, on a day; asked before anything more is."""
    if day.weekday() == 6 and store in {"easthaven", "old_town"}:
        raise ToolFailed("closed", "That store is closed on Sundays.")
    if service == "loan" and (store not in {"millford", "northgate"} or day.weekday() > 4):
        raise ToolFailed("no_loan_desk", "Loan desks are at Millford Central and Northgate Mall, Monday to Friday.")
    return {"open": True}


async def book_appointment(
    service: _Service,
    store: _Store,
    day: date,
    half: Literal["morning", "afternoon"],
    phone: str,
    context: CallContext,
) -> Mapping[str, JsonValue]:
    """Books an appointment in a store, in the morning or the afternoon of a day."""
    if day <= context.today:
        raise ToolFailed("bad_arguments", "day: an appointment is tomorrow at the earliest")
    appointment_day(service, store, day)
    records, subject = _records(context), f"{store}/{day.isoformat()}/{half}"
    if len(await records.find("appointment", subject)) >= _SEATS:
        raise ToolFailed("full", "That half of the day is full.")
    number = f"AP-{uuid.uuid5(uuid.NAMESPACE_OID, context.key).hex[:6].upper()}"
    await records.add("appointment", number, {"service": service, "phone": phone}, subject=subject)
    return {"number": number}


def loan_instalment(amount: float, months: Literal["3", "6", "12", "24"]) -> Mapping[str, JsonValue]:
    """The monthly instalment of a loan, an annuity, with the yearly rate of its term and what is paid in all."""
    if not 200 <= amount <= 5000:
        raise ToolFailed("bad_arguments", "amount: from 200 to 5000")
    if months == "24" and amount < 600:
        raise ToolFailed("term_too_long", "The 24-month term is offered from $600.")
    count, rate = int(months), _RATES[months] / 1200
    monthly = round(amount / count if not rate else amount * rate / (1 - (1 + rate) ** -count), 2)
    return {"monthly": f"{monthly:,.2f}", "apr": f"{_RATES[months]:g}", "total": f"{monthly * count:,.2f}"}


def _numbered(order_number: str) -> str:
    digits = "".join(c for c in order_number if c.isdecimal())
    return f"LO-{digits}"


def _records(context: CallContext) -> Records:
    if context.records is None:
        raise ToolFailed("read_only", "This needs the store.")
    return context.records
