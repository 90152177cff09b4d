// reserve: has half a tebibyte of addresses, as runtimes that collect garbage do, and next to no memory.
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void) {
    size_t half_a_tebibyte = (size_t)1 << 39;
    void *none = mmap(0, half_a_tebibyte, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    void *all = mmap(0, half_a_tebibyte, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (none == MAP_FAILED || all == MAP_FAILED) {
        perror("no addresses");
        return 1;
    }
    *(char *)all = 1;
    usleep(200000);
    return 0;
}
