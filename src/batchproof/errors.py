"""What this package raises on purpose: one tree.

``except BatchproofError`` catches all of it. What is about a file says so in one line: file, key, remedy.

BatchproofError
├── ContractError              a contract folder cannot be used
├── NotEvaluable               a rule refers to something that the data does not have
├── ClaimError                 a server claims what the contract does not know
├── ConfigError                options, configuration or environment cannot be used
├── HistoryError               a history, or recorded traffic, cannot be read
├── UnhandledError             a text holds JSON that is beyond what is handled
├── UnreadableError            a recorded body has a coding that cannot be read
├── ResultsError               the results of a run cannot be read
├── ScriptError                a replay cannot be read
├── UnknownRequirementError    no requirement has this id
├── DifferentContractsError    two runs have no requirement in common
├── RunError                   a run has nothing to judge, or a scenario broke
├── LeakError                  a file that was written holds a secret
├── Unmet                      a scenario lacks something that it needs
├── Stopped                    an answer of the server ends a scenario
├── BudgetError                a limit of the run is used up
├── HaltedError                the run asks no more, since nobody answers
├── UnsendableError            no request can be made of what was given
├── BrokenError                a recorded connection ended too early
└── ExpectationsError          what the fault matrix expects cannot be read
"""


class BatchproofError(Exception):
    """The root of the tree."""


class RunError(BatchproofError):
    """A run was interrupted before there was anything to judge, or a scenario broke, which is a defect of batchproof."""
