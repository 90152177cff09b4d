"""A pool of processes that does compute: as many cores as there are get to work."""

import multiprocessing


def work(number):
    print(f"{number}: begin", flush=True)
    total = sum(n * n % 7 for n in range(2_000_000))
    print(f"{number}: {total}", flush=True)


if __name__ == "__main__":
    with multiprocessing.Pool(processes=4) as pool:
        pool.map(work, [1, 2, 3, 4])
