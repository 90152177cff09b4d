"""Three tasks, one after the other, on one thread."""

import time

for name in ("Task A", "Task B", "Task C"):
    for step in (1, 2, 3):
        print(f"{name} - Step {step}", flush=True)
        time.sleep(0.05)
