/* Programs that are what they are called, one for each first argument:
 *
 *   one-thread        one thread computes
 *   join-after-start  each thread is joined before the next one is started
 *   one-worker        four workers share a queue, and one of them takes all there is
 *   turns             two threads compute in turn, with a lock
 *   pinned            two threads compute, both restricted to one core
 *   waiting           hardly anything is computed
 *   processes         processes compute one after the other
 *   at-once           two threads compute at once
 *   children          two children compute at once, and their parent wants no account of them
 *   grandchildren     two grandchildren compute at once, and their parents are gone
 *   exec-from-thread  a second thread becomes another program, in which one thread computes
 *   main-exits        the first thread ends, and two others compute at once
 *   helper            one thread computes, and a helper of its runtime beside it
 *   escape            widens what cores it may use, and two threads compute at once
 *   spun-turns        two threads compute in turn, and who waits spins: it executes, and does nothing
 *   bursts            two threads compute at once for 3 ms, twenty times, and wait in between
 *   a-thread-a-piece  three hundred threads, each joined before the next one starts
 *   crowd             a thousand threads wait, and two others compute at once
 */

#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Executes for so many milliseconds, however long that takes. */
static void compute(int milliseconds) {
    struct timespec begin, now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin);
    do {
        for (volatile int n = 0; n < 20000; n++) {}
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    } while ((now.tv_sec - begin.tv_sec) * 1000 + (now.tv_nsec - begin.tv_nsec) / 1000000 < milliseconds);
}

static void *work(void *milliseconds) {
    compute((int)(long)milliseconds);
    return NULL;
}

static void at_once(void) {
    pthread_t other;
    pthread_create(&other, NULL, work, (void *)80);
    compute(80);
    pthread_join(other, NULL);
}

/* Is called as a compiler of Java's is. */
static void *help(void *milliseconds) {
    prctl(PR_SET_NAME, "C2 CompilerThread0");
    return work(milliseconds);
}

static void helper(void) {
    pthread_t other;
    pthread_create(&other, NULL, help, (void *)80);
    compute(80);
    pthread_join(other, NULL);
}

static void join_after_start(void) {
    for (int n = 0; n < 4; n++) {
        pthread_t thread;
        pthread_create(&thread, NULL, work, (void *)30);
        pthread_join(thread, NULL);
    }
}

/* Whoever gets the lock first works off the whole queue before it lets go. */
static int queue = 4;
static void *worker(void *unused) {
    pthread_mutex_lock(&lock);
    while (queue > 0) {
        queue--;
        compute(30);
    }
    pthread_mutex_unlock(&lock);
    return unused;
}

static void one_worker(void) {
    pthread_t workers[4];
    for (int n = 0; n < 4; n++)
        pthread_create(&workers[n], NULL, worker, NULL);
    for (int n = 0; n < 4; n++)
        pthread_join(workers[n], NULL);
}

static int turn;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static void *take_turns(void *me) {
    for (int n = 0; n < 10; n++) {
        pthread_mutex_lock(&lock);
        while (turn != (int)(long)me)
            pthread_cond_wait(&changed, &lock);
        compute(5);
        turn = !turn;
        pthread_cond_signal(&changed);
        pthread_mutex_unlock(&lock);
    }
    return NULL;
}

static void turns(void) {
    pthread_t other;
    pthread_create(&other, NULL, take_turns, (void *)1);
    take_turns((void *)0);
    pthread_join(other, NULL);
}

static atomic_flag spun = ATOMIC_FLAG_INIT;
static void *take_spun_turns(void *unused) {
    for (int n = 0; n < 10; n++) {
        while (atomic_flag_test_and_set(&spun)) {}
        compute(5);
        atomic_flag_clear(&spun);
    }
    return unused;
}

static void spun_turns(void) {
    pthread_t other;
    pthread_create(&other, NULL, take_spun_turns, NULL);
    take_spun_turns(NULL);
    pthread_join(other, NULL);
}

static pthread_barrier_t meeting;
static void *burst(void *unused) {
    for (int n = 0; n < 20; n++) {
        pthread_barrier_wait(&meeting);
        compute(3);
        usleep(5000);
    }
    return unused;
}

static void bursts(void) {
    pthread_t other;
    pthread_barrier_init(&meeting, NULL, 2);
    pthread_create(&other, NULL, burst, NULL);
    burst(NULL);
    pthread_join(other, NULL);
}

static void a_thread_a_piece(void) {
    for (int n = 0; n < 300; n++) {
        pthread_t thread;
        pthread_create(&thread, NULL, work, (void *)1);
        pthread_join(thread, NULL);
    }
}

static void *wait_for_the_end(void *unused) {
    pause();
    return unused;
}

static void crowd(void) {
    pthread_t thread;
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 65536);
    for (int n = 0; n < 1000; n++)
        pthread_create(&thread, &small, wait_for_the_end, NULL);
    at_once();
}

static void allow(int cores) {
    cpu_set_t set;
    CPU_ZERO(&set);
    for (int core = 0; core < cores; core++)
        CPU_SET(core, &set);
    sched_setaffinity(0, sizeof set, &set);
}

static void processes(void) {
    for (int n = 0; n < 3; n++) {
        if (fork() == 0) {
            compute(40);
            _exit(0);
        }
        wait(NULL);
    }
}

static void children(void) {
    signal(SIGCHLD, SIG_IGN);
    for (int n = 0; n < 2; n++)
        if (fork() == 0) {
            compute(80);
            _exit(0);
        }
    while (wait(NULL) > 0) {}
}

static void grandchildren(void) {
    int done[2];
    if (pipe(done)) _exit(1);
    for (int n = 0; n < 2; n++)
        if (fork() == 0) {
            if (fork() == 0) {
                compute(80);
                if (write(done[1], "!", 1) != 1) _exit(1);
            }
            _exit(0);
        }
    char byte;
    for (int n = 0; n < 2; n++)
        if (read(done[0], &byte, 1) != 1) _exit(1);
}

static void *become(void *unused) {
    execl("/proc/self/exe", "kinds", "one-thread", (char *)NULL);
    return unused;
}

static void exec_from_thread(void) {
    pthread_t thread;
    compute(60);
    pthread_create(&thread, NULL, become, NULL);
    pause();
}

static void main_exits(void) {
    pthread_t threads[2];
    for (int n = 0; n < 2; n++)
        pthread_create(&threads[n], NULL, work, (void *)80);
    pthread_exit(NULL);
}

int main(int count, char **arguments) {
    const char *kind = count > 1 ? arguments[1] : "";
    if (!strcmp(kind, "one-thread")) compute(120);
    else if (!strcmp(kind, "join-after-start")) join_after_start();
    else if (!strcmp(kind, "one-worker")) one_worker();
    else if (!strcmp(kind, "turns")) turns();
    else if (!strcmp(kind, "pinned")) { allow(1); at_once(); }
    else if (!strcmp(kind, "waiting")) { compute(5); usleep(300000); }
    else if (!strcmp(kind, "processes")) processes();
    else if (!strcmp(kind, "at-once")) at_once();
    else if (!strcmp(kind, "children")) children();
    else if (!strcmp(kind, "grandchildren")) grandchildren();
    else if (!strcmp(kind, "exec-from-thread")) exec_from_thread();
    else if (!strcmp(kind, "main-exits")) main_exits();
    else if (!strcmp(kind, "helper")) helper();
    else if (!strcmp(kind, "spun-turns")) spun_turns();
    else if (!strcmp(kind, "bursts")) bursts();
    else if (!strcmp(kind, "a-thread-a-piece")) a_thread_a_piece();
    else if (!strcmp(kind, "crowd")) crowd();
    else if (!strcmp(kind, "escape")) { allow(64); at_once(); }
    else return 2;
    return 0;
}
