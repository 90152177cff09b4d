// disown (ignore | no-wait | own) N: N children, one after the other, use some milliseconds of a core each.
// Their parent ignores SIGCHLD, or has a handler and SA_NOCLDWAIT, or takes leave of each.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double used(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec * 1e3 + time.tv_nsec * 1e-6;
}

static void heard(int signal) { (void)signal; }

int main(int count, char **words) {
    if (count != 3) return 2;
    struct sigaction action = {0};
    action.sa_handler = strcmp(words[1], "ignore") ? heard : SIG_IGN;
    action.sa_flags = SA_RESTART | (strcmp(words[1], "no-wait") ? 0 : SA_NOCLDWAIT);
    if (strcmp(words[1], "own")) sigaction(SIGCHLD, &action, 0);
    for (int i = 0; i < atoi(words[2]); i++) {
        if (fork() == 0) {
            while (used() < 20) {}
            _exit(0);
        }
        // Where nobody is to be waited for, this waits until all are gone.
        while (wait(0) < 0 && errno == EINTR) {}
    }
    return 0;
}
