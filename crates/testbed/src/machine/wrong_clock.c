/* A library to be loaded before all others (LD_PRELOAD): what time it is, is off by as many milliseconds as the file says that the variable
 * WRONG_CLOCK names (8 bytes, the machine's order), at any moment. The steady clocks stay as they are. */

#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int64_t off_ms(void)
{
    static int file = -1;
    if (file < 0) {
        const char *name = getenv("WRONG_CLOCK");
        file = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
    }
    int64_t ms = 0;
    return file >= 0 && pread(file, &ms, sizeof ms, 0) == sizeof ms ? ms : 0;
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
    int result = (int)syscall(SYS_clock_gettime, clock, time);
    if (result == 0 && clock == CLOCK_REALTIME) {
        int64_t ns = time->tv_nsec + off_ms() * 1000000;
        int64_t s = ns / 1000000000 - (ns % 1000000000 < 0);
        time->tv_sec += s;
        time->tv_nsec = ns - s * 1000000000;
    }
    return result;
}
