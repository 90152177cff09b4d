/** Two threads that compute, each on a core of its own where there are two. */
public class Threads {
    public static void main(String[] arguments) throws InterruptedException {
        Thread first = new Thread(() -> work("Task A"));
        Thread second = new Thread(() -> work("Task B"));
        first.start();
        second.start();
        first.join();
        second.join();
    }

    private static void work(String name) {
        for (int step = 1; step <= 3; step++) {
            System.out.println(name + " - Step " + step);
            long total = 0;
            for (long n = 0; n < 100_000_000L; n++) {
                total += n % 7;
            }
            if (total == 0) {
                System.out.println(name + " - nothing");
            }
        }
    }
}
