"""Who is let in: so many connections, of all and of one address; a trusted proxy's readers by request."""

import ipaddress
from contextlib import ExitStack

import pytest

from borderstats.serve.door import Door
from borderstats.serve.limits import Limits
from borderstats.serve.problem import Problem


class Visitor:
    def __init__(self, door, *, idle=True):
        self.door, self.idle, self.gone = door, idle, False

    def let_go(self):
        self.gone = True
        self.door.leave(self)


def test_the_first_idle_connection_of_an_address_makes_room():
    door = Door(Limits(connections_of_one=2))
    busy, idle, third = Visitor(door, idle=False), Visitor(door), Visitor(door)
    assert [door.enter(one, "192.0.2.1") for one in (busy, idle, third)] == [None] * 3
    assert (busy.gone, idle.gone, third.gone) == (False, True, False)
    other = Visitor(door)
    assert door.enter(other, "192.0.2.2") is None
    assert not third.gone


def test_where_none_is_idle_the_new_one_has_to_come_again():
    door = Door(Limits(connections_of_one=2, connections=3))
    for _ in range(2):
        assert door.enter(Visitor(door, idle=False), "192.0.2.1") is None
    refused = Visitor(door)
    assert door.enter(refused, "192.0.2.1").status == 429
    door.leave(refused)
    assert door.enter(Visitor(door, idle=False), "192.0.2.2") is None
    assert door.enter(Visitor(door), "192.0.2.3").status == 503


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
    ],
)
def test_of_version_6_a_network_is_one_address(one, other, same):
    door = Door(Limits(connections_of_one=1))
    door.enter(first := Visitor(door), one)
    door.enter(Visitor(door), other)
    assert first.gone == same


def test_who_leaves_is_forgotten():
    door = Door(Limits(connections_of_one=1))
    for _ in range(3):
        one = Visitor(door, idle=False)
        assert door.enter(one, "192.0.2.1") is None
        door.leave(one)
        door.leave(one)
    assert not door._everyone
    assert not door._by_address


def test_a_proxy_is_believed_and_nobody_else():
    door = Door(Limits(connections_of_one=1), [ipaddress.ip_network("192.0.2.0/24")])
    for _ in range(3):
        assert door.enter(Visitor(door, idle=False), "192.0.2.9") is None
    with ExitStack() as stack:
        stack.enter_context(door.asked("192.0.2.9", "1.2.3.4, 203.0.113.1"))
        stack.enter_context(door.asked("192.0.2.9", "1.2.3.4, 203.0.113.2"))
        for _ in range(3):
            stack.enter_context(door.asked("198.51.100.1", "203.0.113.1"))
        with pytest.raises(Problem) as problem:
            stack.enter_context(door.asked("192.0.2.9", "203.0.113.1"))
        assert problem.value.status == 429
    with door.asked("192.0.2.9", "203.0.113.1"):
        pass
    assert not door._requests
