/* slow_disk FILE PROGRAM ARGUMENTS...: runs a program whose fsync and fdatasync wait for as many milliseconds as FILE says (8 bytes, the
 * machine's order) at that moment, one after the other, as on one disk.
 *
 * The kernel hands these calls to a process of its own (seccomp, user notification), which waits and lets them go on: so it works for
 * programs that call the kernel without the C library, such as those in Go. The program keeps the process that was started. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* How often to look whether the program is still there, milliseconds. */
#define LOOKS_EVERY_MS 200

static void wait_as_told(int file)
{
    int64_t ms = 0;
    if (pread(file, &ms, sizeof ms, 0) == sizeof ms && ms > 0) {
        struct timespec time = { ms / 1000, ms % 1000 * 1000000 };
        nanosleep(&time, NULL);
    }
}

/* Answers the kernel for as long as the program runs. */
static void attend(int calls, int file, pid_t program)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (getppid() == program) {
        struct pollfd ready = { calls, POLLIN, 0 };
        if (poll(&ready, 1, LOOKS_EVERY_MS) <= 0)
            continue;
        struct seccomp_notif call;
        memset(&call, 0, sizeof call);
        if (ioctl(calls, SECCOMP_IOCTL_NOTIF_RECV, &call) != 0)
            continue;
        wait_as_told(file);
        struct seccomp_notif_resp answer = { .id = call.id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE };
        /* Whoever was killed meanwhile wants no answer. */
        ioctl(calls, SECCOMP_IOCTL_NOTIF_SEND, &answer);
    }
}

int main(int count, char **words)
{
    if (count < 3) {
        fputs("slow_disk: expected FILE PROGRAM ARGUMENTS...\n", stderr);
        return 2;
    }
    int file = open(words[1], O_RDONLY | O_CLOEXEC);
    struct sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fsync, 1, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fdatasync, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog filter = { sizeof rules / sizeof rules[0], rules };
    if (file < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        perror("slow_disk");
        return 2;
    }
    int calls = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &filter);
    if (calls < 0) {
        perror("slow_disk: seccomp");
        return 2;
    }
    pid_t program = getpid();
    pid_t attendant = fork();
    if (attendant == 0) {
        /* Whoever reads what the program says must not wait for this one. */
        for (int stream = 0; stream < 3; stream++)
            close(stream);
        attend(calls, file, program);
        _exit(0);
    }
    if (attendant < 0) {
        perror("slow_disk: fork");
        return 2;
    }
    /* Both files are closed by this. */
    execvp(words[2], words + 2);
    perror(words[2]);
    return 2;
}
