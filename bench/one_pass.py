"""Measures from the inside, in a process of its own: two passes over one mailbox; prints JSON on stdout."""

from __future__ import annotations

import json
import resource
import sys
import time
from datetime import timedelta
from pathlib import Path

from syncagent.clock import StopSignal
from syncagent.config import load
from syncagent.crm import ledger, people
from syncagent.formats.people_csv import read_people
from syncagent.wiring import Nobody, open_house
from syncagent.work import whole_pass


def main() -> None:
    config, people_csv = Path(sys.argv[1]), Path(sys.argv[2])
    house = open_house(load(config))
    rows = read_people(people_csv.read_bytes(), people_csv.name)
    house.database.retrying(lambda connection: people.import_people(connection, rows, now=house.clocks.system.now()))
    passes = []
    for _ in range(2):
        began, cpu = time.perf_counter(), time.process_time()
        whole_pass(house, StopSignal(), Nobody())
        passes.append({"wall_s": time.perf_counter() - began, "cpu_s": time.process_time() - cpu})
    with house.database.read() as connection:
        logged = sum(
            row["logged"]
            for row in ledger.status(connection, now=house.clocks.system.now(), late_after=timedelta(hours=1))
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"passes": passes, "peak_mb": peak, "logged": logged}))


if __name__ == "__main__":
    main()
