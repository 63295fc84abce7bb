"""Defects of the invented vendor's server. Each breaks one statement of its documentation."""


def too_many_documents_accepted(papers):
    papers.most = 6


def a_step_back(papers):
    # one view shows it: what another one showed a moment before may have been behind
    papers.states = ("queued", "running", "queued", "done")


def states_that_nobody_documents(papers):
    papers.states = ("running", "queued", "done", "paused", "lost")


def a_row_lost_on_every_page(papers):
    page = papers.page

    def shorter(request, body):
        status, shown = page(request, body)
        return status, shown and {**shown, "documents": shown["documents"][1:]}

    papers.page = shorter


def a_key_forgotten(papers):
    papers.replies = type("Forgetful", (dict,), {"setdefault": lambda _, __, reply: reply})()


def a_batch_that_is_not_there(papers):
    added = papers.added

    def misplaced(kind, **values):
        return added(kind, **{**values, **({"batch_id": "b_x"} if kind == "documents" else {})})

    papers.added = misplaced
