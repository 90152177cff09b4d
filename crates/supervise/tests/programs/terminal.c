// terminal: types a command into every terminal that it can open, and says into which.
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
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

int main(void) {
    glob_t terminals;
    type_into("/dev/tty");
    if (glob("/dev/pts/[0-9]*", 0, 0, &terminals) == 0) {
        for (size_t i = 0; i < terminals.gl_pathc; i++) type_into(terminals.gl_pathv[i]);
    }
    puts("done");
    return 0;
}
