"""`parley serve` is killed between a customer's agreement and what is done of it: it is done once."""

from pathlib import Path

import pytest

from tests.support.customer import Customer
from tests.support.homes import acting_home
from tests.support.openai_server import calls, model_server
from tests.support.parley_process import ParleyServer


@pytest.mark.slow
async def test_what_was_agreed_to_is_done_once_although_the_server_dies(tmp_path: Path) -> None:
    home = acting_home(tmp_path)
    wanted = {"order_number": "LO-10482", "email": "customer3@example.com", "reason": "damaged"}
    async with model_server(calls("request_refund", **wanted)) as model:
        server = ParleyServer(home, {"PARLEY_MODEL__BASE_URL": model.url, "PARLEY_MODEL__NAME": "m"})
        await server.start()
        customer = Customer(server.url)
        try:
            await customer.begin()
            await customer.send("Refund LO-10482, customer3@example.com, it arrived broken", "ask")
            await customer.sees("reply.completed", customer.accepted["ask"])
            await customer.send("yes", "agree")
            await server.kill()  # the yes is stored, its turn perhaps begun
            await server.start()
            await customer.sees_all_answered()
            events = await customer.transcript()
        finally:
            await customer.leave()
            await server.kill()
    replies = [str(one.data["text"]) for one in events if one.type == "reply.completed"]
    assert "LO-10482" in replies[0]
    assert replies[1:] == ["Done. RF-10482"]
    assert [one.data["tool"] for one in events if one.type == "tool.completed"] == ["request_refund"]
    assert len(model.requests) == 1
