"""The rules of a project, in plain terms: when this evidence reaches this threshold, do that.

    Rule("gold", window=0, threshold=1.0, actions=("pause", "set_aside"))

reads: when a person's whole record (no window) has reached the limit of the gold test, pause them and set
their answers aside. `kinds` lists the evidence, with its unit and what it can reach; `book` the defaults;
`checking` refuses rules that can never fire; `gathering` turns answers into findings; `matching` says
which rule a person's findings fulfil; `words` is what the person reads.

Everything here is plain values and arrays: no rows, so the benchmark of false alarms runs the same code.
"""
