"""The faults that a check has found so far."""

faults = []


def hold(name, condition, more=""):
    print(("  ok    " if condition else "  FAIL  ") + name, flush=True)
    if not condition:
        faults.append(name)
        print(more)
