// share MEBIBYTES N: has so much memory, and N children that share all of it.
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int count, char **words) {
    if (count != 3) return 2;
    size_t bytes = atol(words[1]) << 20;
    memset(malloc(bytes), 1, bytes);
    for (int i = 0; i < atoi(words[2]); i++) {
        if (fork() == 0) {
            usleep(400000);
            _exit(0);
        }
    }
    while (wait(0) > 0) {}
    return 0;
}
