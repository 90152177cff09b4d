// lineages N SECONDS MICROSECONDS: N lineages. Each generation is in a session of its own, ignores
// SIGTERM, begets the next and dies after so many microseconds. They die out after so many seconds,
// should nobody end them.
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

static void beget(double end, int microseconds) {
    signal(SIGTERM, SIG_IGN);
    while (now() < end) {
        setsid();
        pid_t child = fork();
        if (child > 0) _exit(0);
        usleep(child < 0 ? 1000 : microseconds);
    }
    _exit(0);
}

int main(int count, char **words) {
    if (count != 4) return 2;
    double end = now() + atof(words[2]);
    // No more than this at once: the table of processes belongs to everybody on the machine.
    int most = atoi(words[1]) < 20 ? atoi(words[1]) : 20;
    for (int i = 0; i < most; i++) {
        if (fork() == 0) beget(end, atoi(words[3]) > 2000 ? atoi(words[3]) : 2000);
    }
    puts("begun");
    fflush(stdout);
    sleep(atoi(words[2]));
    return 0;
}
