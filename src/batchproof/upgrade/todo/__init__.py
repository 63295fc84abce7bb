"""What one program has to do, learned from its traffic: a pure function of contracts, their map and what was recorded."""

from batchproof.upgrade.todo.listing import Reads, recounted, todo
from batchproof.upgrade.todo.markdown import todo_markdown
from batchproof.upgrade.todo.model import Call, Item, Todo
from batchproof.upgrade.todo.pages import print_todo
from batchproof.upgrade.todo.using import Event, Trace

__all__ = [
    "Call",
    "Event",
    "Item",
    "Reads",
    "Todo",
    "Trace",
    "print_todo",
    "recounted",
    "todo",
    "todo_markdown",
]
