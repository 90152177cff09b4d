/* Two threads that compute, and nothing that keeps one of them waiting. */

#include <pthread.h>
#include <stdio.h>

static void *work(void *name) {
    for (int step = 1; step <= 20; step++) {
        printf("%s - Step %d\n", (char *)name, step);
        fflush(stdout);
        volatile unsigned total = 0;
        for (unsigned n = 0; n < 10000000; n++)
            total += n % 7;
    }
    return NULL;
}

int main(void) {
    pthread_t other;
    pthread_create(&other, NULL, work, "Task A");
    work("Task B");
    pthread_join(other, NULL);
    return 0;
}
