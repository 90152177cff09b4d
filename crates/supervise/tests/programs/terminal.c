// terminal NAME: types a command into the terminal that it is in, and into the one of this name, if it can.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static void type_into(const char *path) {
    int terminal = open(path, O_RDWR);
    const char *error = terminal < 0 ? strerror(errno) : 0;
    for (const char *c = "echo typed\n"; *c && !error; c++) {
        if (ioctl(terminal, TIOCSTI, c) < 0) error = strerror(errno);
    }
    if (error) fprintf(stderr, "%s: %s\n", path, error);
    else printf("typed into %s\n", path);
}

int main(int count, char **arguments) {
    type_into("/dev/tty");
    if (count > 1) type_into(arguments[1]);
    puts("done");
    return 0;
}
