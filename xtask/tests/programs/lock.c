/* Two threads that compute, and a lock around all the work: one of them always waits. */

#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *work(void *name) {
    for (int step = 1; step <= 20; step++) {
        pthread_mutex_lock(&lock);
        printf("%s - Step %d\n", (char *)name, step);
        fflush(stdout);
        volatile unsigned total = 0;
        for (unsigned n = 0; n < 10000000; n++)
            total += n % 7;
        pthread_mutex_unlock(&lock);
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
