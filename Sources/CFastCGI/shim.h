/*
 * libfcgi, and what of Linux Swift's Glibc module does not export (epoll, eventfd, accept4,
 * pthread_setname_np, netlink, TCP_INFO, mallopt, prctl, timerfd, memfd_create, sendfile).
 * Never fcgi_stdio.h: it redefines stdin and FILE.
 */
#ifndef CFASTCGI_SHIM_H
#define CFASTCGI_SHIM_H

#include <fastcgi.h>
#include <fcgiapp.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <malloc.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

/* glibc declares these for _GNU_SOURCE only, which cannot be set here once another module has read the headers. */
int accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags);
int pthread_setname_np(pthread_t thread, const char *name);
int memfd_create(const char *name, unsigned flags);
#ifndef MFD_CLOEXEC
#define MFD_CLOEXEC 1
#endif

/* prctl takes any number of arguments, which Swift cannot pass. */
static inline int process_set_dumpable(int value) { return prctl(PR_SET_DUMPABLE, (unsigned long)value, 0UL, 0UL, 0UL); }
static inline int process_dumpable(void) { return prctl(PR_GET_DUMPABLE, 0UL, 0UL, 0UL, 0UL); }

#endif
