/* A pty with control lines, for a program that is started with this as LD_PRELOAD: DTR and DCD go to
 * the emulator by its control socket, $CONTROL_LINES. All else goes to the kernel. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

static int dtr = 1;

static int is_pty(int fd)
{
    struct stat st;
    return fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) && major(st.st_rdev) >= 136 && major(st.st_rdev) <= 143;
}

/* One request to the emulator; whether its answer contains `mark`. */
static int ask(const char *request, const char *mark)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    char answer[65536];
    size_t have = 0;
    ssize_t count;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    strncpy(to.sun_path, getenv("CONTROL_LINES"), sizeof to.sun_path - 1);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0 || write(fd, request, strlen(request)) < 0) {
        close(fd);
        return 0;
    }
    while (have < sizeof answer - 1 && (count = read(fd, answer + have, sizeof answer - 1 - have)) > 0) {
        have += (size_t)count;
        if (answer[have - 1] == '\n') break;
    }
    close(fd);
    answer[have] = 0;
    return strstr(answer, mark) != NULL;
}

static void set_dtr(int on)
{
    if (dtr && !on) ask("{\"cmd\":\"drop_dtr\"}\n", "ok");
    dtr = on;
}

int ioctl(int fd, unsigned long request, ...)
{
    static int (*real)(int, unsigned long, void *);
    va_list arguments;
    va_start(arguments, request);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    if (!real) real = (int (*)(int, unsigned long, void *))dlsym(RTLD_NEXT, "ioctl");
    if ((request == TIOCMGET || request == TIOCMBIS || request == TIOCMBIC || request == TIOCMSET) && is_pty(fd)) {
        int *lines = argument;
        if (request == TIOCMGET)
            *lines = (dtr ? TIOCM_DTR : 0) | (ask("{\"cmd\":\"status\"}\n", "\"carrier\":true") ? TIOCM_CAR : 0);
        else if (request == TIOCMSET)
            set_dtr((*lines & TIOCM_DTR) != 0);
        else if (*lines & TIOCM_DTR)
            set_dtr(request == TIOCMBIS);
        return 0;
    }
    return real(fd, request, argument);
}
