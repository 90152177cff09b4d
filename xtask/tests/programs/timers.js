// Three chains of timers on one event loop.

for (const name of ["Task A", "Task B", "Task C"]) {
  const step = (number) => {
    console.log(`${name} - Step ${number}`);
    if (number < 3) setTimeout(step, 100, number + 1);
  };
  step(1);
}
