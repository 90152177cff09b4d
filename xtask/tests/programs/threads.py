"""Two threads that compute, and one interpreter lock that only one of them can hold at a time."""

import threading


def work(name):
    for step in (1, 2, 3):
        print(f"{name} - Step {step}\n", end="", flush=True)
        sum(n * n % 7 for n in range(1_000_000))


threads = [threading.Thread(target=work, args=(f"Task {name}",)) for name in "AB"]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
