"""A pool of processes that was meant to compute, and sleeps: sleeping needs no core."""

import multiprocessing
import time


def work(number):
    print(f"Processing {number}", flush=True)
    time.sleep(0.3)
    return number * number


if __name__ == "__main__":
    # Not by interpreters that each begin anew, as newer Pythons have it: that is work, and done at once.
    with multiprocessing.get_context("fork").Pool(processes=4) as pool:
        results = pool.map(work, [1, 2, 3, 4])
    print("Results:", results)
