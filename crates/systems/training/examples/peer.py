"""Teaches scikit-learn's network as ours is taught, and says which version it is, how long that took in
milliseconds, and how many of a hundred pictures of the test it reads wrong.

As many units, batches and epochs, the same pictures, and no help from several cores, as ours has none.
It ends with 3 where Python has no scikit-learn.
"""

import sys
import time
import warnings

try:
    import sklearn
    from sklearn.neural_network import MLPClassifier
except ImportError as error:
    print(error, file=sys.stderr)
    sys.exit(3)

warnings.filterwarnings("ignore")
units, batch, epochs, rate, file = *map(int, sys.argv[1:4]), float(sys.argv[4]), sys.argv[5]
with open(file) as lines:
    rows = [line.split() for line in lines if not line.startswith("#")]
pixels = [[int(letter, 17) / 16 for letter in "".join(row[:8])] for row in rows]
kinds = [int(row[8]) for row in rows]


def some(numbers):
    return [pixels[it] for it in numbers], [kinds[it] for it in numbers]


lessons = some([it for it in range(len(rows)) if it % 5])
test = some(range(0, len(rows), 5))
network = MLPClassifier(
    (units,),
    solver="sgd",
    alpha=0,
    batch_size=batch,
    max_iter=epochs,
    tol=0,
    n_iter_no_change=epochs,
    learning_rate_init=rate,
    momentum=0.9,
    nesterovs_momentum=False,
    random_state=0,
)
began = time.perf_counter()
network.fit(*lessons)
took = (time.perf_counter() - began) * 1000
assert network.n_iter_ == epochs, f"it stopped after {network.n_iter_} of {epochs} epochs"
wrong = 100 - network.score(*test) * 100
print(sklearn.__version__, took, wrong)
