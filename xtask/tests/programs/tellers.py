"""Programs that tell of their tasks in ways that mislead, one for each first argument. Each is what it is
called; whether two of its tasks are in progress at once is said beside it."""

import asyncio
import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

KINDS = {}


def kind(function):
    KINDS[function.__name__.replace("_", "-")] = function
    return function


def tell(*words, end="\n"):
    print(*words, end=end, flush=True)


def work(name):
    """Begins, waits, and ends, and says so."""
    tell(f"Task {name}: begins")
    time.sleep(0.1)
    tell(f"Task {name}: ends")


def at_once(*functions):
    threads = [threading.Thread(target=function) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@kind
def a_list_before():
    """No: what is planned is not in progress."""
    for name in "AB":
        tell(f"Job {name}: queued")
    for name in "AB":
        time.sleep(0.15)
        tell(f"Job {name}: done")


@kind
def handed_in_first():
    """No: there is one worker."""
    with ThreadPoolExecutor(1) as pool:
        for name in "ABC":
            tell(f"Task {name} submitted")
            pool.submit(work, name)


@kind
def a_report_in_two_parts():
    """No: both parts come when all is done."""
    took = {}
    for name in "AB":
        begin = time.monotonic()
        time.sleep(0.1)
        took[name] = time.monotonic() - begin
    for name in took:
        tell(f"Task {name}: result {len(name)}")
    for name, seconds in took.items():
        tell(f"Task {name}: took {seconds * 1000:.0f} ms")


@kind
def told_by_whoever_waited():
    """Yes, and nobody says so: both wait side by side, and the lines come afterwards."""
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(time.sleep, [0.15, 0.15]))
    for name in "AB":
        tell(f"Task {name}: result\nTask {name}: ok")


@kind
def lines_kept_until_the_end():
    """Yes: each thread keeps its lines until it is done."""

    def keep(name, seconds):
        lines = [f"Task {name}: begins\n"]
        time.sleep(seconds)
        lines.append(f"Task {name}: ends\n")
        sys.stdout.writelines(lines)
        sys.stdout.flush()

    at_once(lambda: keep("A", 0.2), lambda: keep("B", 0.22))


@kind
def a_buffer_each():
    """Yes: each thread writes through a buffer of its own."""

    def buffered(name):
        with os.fdopen(os.dup(1), "w") as own:
            print(f"Task {name}: begins", file=own)
            time.sleep(0.15)
            print(f"Task {name}: ends", file=own)

    at_once(lambda: buffered("A"), lambda: buffered("B"))


@kind
def bars_on_one_line():
    """Yes: two bars write over each other."""
    for share in (10, 50, 90):
        for name in "AB":
            tell(f"Task {name}: {share}%", end="\r")
            time.sleep(0.03)
    for name in "AB":
        tell(f"Task {name}: done")


@kind
def workers_and_one_job_at_a_time():
    """No, of jobs: whoever is to do one keeps the queue until it is done. The workers are all there."""
    jobs, lock = list("1234"), threading.Lock()

    def worker(name):
        tell(f"Worker {name} ready")
        while True:
            with lock:
                if not jobs:
                    break
                job = jobs.pop(0)
                tell(f"Worker {name} got job {job}")
                time.sleep(0.05)
                tell(f"Worker {name} finished job {job}")
        tell(f"Worker {name} leaves")

    at_once(lambda: worker(0), lambda: worker(1))


@kind
def gathered():
    """Yes: while one waits, the other goes on."""

    async def task(name):
        tell(f"[{name}] start")
        await asyncio.sleep(0.1)
        tell(f"[{name}] end")

    async def both():
        await asyncio.gather(task(1), task(2))

    asyncio.run(both())


@kind
def gathered_and_blocking():
    """No: who sleeps keeps the thread that all are on."""

    async def task(name):
        tell(f"[{name}] start")
        time.sleep(0.1)
        tell(f"[{name}] end")

    async def both():
        await asyncio.gather(task(1), task(2))

    asyncio.run(both())


@kind
def a_lock_over_the_wait():
    """No, of what is done under the lock."""

    async def task(name, lock):
        async with lock:
            tell(f"[{name}] start")
            await asyncio.sleep(0.1)
            tell(f"[{name}] end")

    async def both():
        lock = asyncio.Lock()
        await asyncio.gather(task(1, lock), task(2, lock))

    asyncio.run(both())


@kind
def begins_anew_from_a_thread():
    """No, and never parallel: a thread that computed becomes the program once more."""
    if len(sys.argv) > 2:
        return

    def compute_and_become():
        end = time.process_time() + 0.15
        while time.process_time() < end:
            pass
        os.execv(sys.executable, [sys.executable, *sys.argv, "again"])

    at_once(compute_and_become)


KINDS[sys.argv[1]]()
