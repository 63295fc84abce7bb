"""Breaches and legal oddities, written from the documentation alone."""

from proxy import Answer, Forward, Request, World, breach, oddity

TALONIC = "talonic/v1"


@breach(TALONIC, "The status of a batch is one of the documented ones.", "get-batch, status")
async def status_in_capitals(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    if request.parts[:2] == ["v1", "batches"] and isinstance(answer.body, dict) and "status" in answer.body:
        answer.body["status"] = answer.body["status"].upper()
    return answer


@oddity(TALONIC, "Nothing forbids further headers.", "HTTP")
async def one_more_header(world: World, request: Request, forward: Forward) -> Answer:
    answer = await forward(request)
    answer.headers["x-served-by"] = "node-7"
    return answer
