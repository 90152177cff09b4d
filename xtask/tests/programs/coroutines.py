"""Three coroutines on one event loop: each waits in turn, so that all are in progress at once."""

import asyncio


async def task(name):
    for step in (1, 2, 3):
        print(f"{name} - Step {step}")
        await asyncio.sleep(0.1)


async def main():
    await asyncio.gather(task("Task A"), task("Task B"), task("Task C"))


asyncio.run(main())
