/* Holds many requests at a web server, on one connection each, and prints when bytes of their answers come.
 * usage: hold PORT FILE
 *   FILE has the addresses, one a line. Prints "held COUNT" when all are asked; then, for whatever arrives, "NUMBER TIME BYTES STATUS" with
 *   the number of the line, the monotonic clock in ms, the bytes of that read (0: the connection was closed) and the status of the answer.
 *   Ends when standard input does, or when all connections are closed. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 65536, AT_ONCE = 64 };
static int sockets[MOST], statuses[MOST], count, left, epoll;

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static void ask(int port, const char *path)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    char request[1024];
    int length = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept: */*\r\n\r\n", path, port);
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0 || connect(descriptor, (void *)&address, sizeof address) || send(descriptor, request, length, MSG_NOSIGNAL) != length) {
        perror("hold");
        exit(1);
    }
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = count};
    epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event);
    sockets[count++] = descriptor;
    left++;
}

static void take(int number)
{
    static char bytes[1 << 18];
    ssize_t length = recv(sockets[number], bytes, sizeof bytes, MSG_DONTWAIT);
    if (length < 0 && errno == EAGAIN) return;
    if (length > 12 && !statuses[number]) statuses[number] = atoi(bytes + 9);
    printf("%d %.3f %zd %d\n", number, now(), length < 0 ? 0 : length, statuses[number]);
    if (length > 0) return;
    close(sockets[number]);
    left--;
}

/* Takes what has come; what is printed is written when nothing comes for a while, so that writing delays nothing. */
static int wait_for(int milliseconds)
{
    struct epoll_event events[512];
    int ready = epoll_wait(epoll, events, 512, milliseconds);
    for (int index = 0; index < ready; index++) {
        if (events[index].data.u32 == MOST) {
            char byte;
            if (read(0, &byte, 1) == 0) return 0;
        } else {
            take(events[index].data.u32);
        }
    }
    if (ready == 0) fflush(stdout);
    return 1;
}

int main(int arguments, char **argument)
{
    if (arguments != 3) return 2;
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    static char buffer[1 << 22];
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    epoll = epoll_create1(EPOLL_CLOEXEC);
    FILE *file = fopen(argument[2], "r");
    char path[512];
    while (file && count < MOST && fgets(path, sizeof path, file)) {
        path[strcspn(path, "\n")] = 0;
        ask(atoi(argument[1]), path);
        if (count % AT_ONCE == 0) wait_for(1);
    }

    printf("held %d\n", count);
    fflush(stdout);
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = MOST};
    epoll_ctl(epoll, EPOLL_CTL_ADD, 0, &event);
    while (left > 0 && wait_for(20)) {}
    fflush(stdout);
    return 0;
}
