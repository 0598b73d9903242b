/*
 * libcurl, with its variadic functions as functions of one type each, which Swift can call.
 */
#ifndef CCURL_SHIM_H
#define CCURL_SHIM_H

#include <curl/curl.h>
#include <pthread.h>

/* glibc declares it for _GNU_SOURCE only, which cannot be set here once another module has read the headers. */
int pthread_setname_np(pthread_t thread, const char *name);

static inline CURLcode ccurl_set_long(CURL *curl, CURLoption option, long value) {
    return curl_easy_setopt(curl, option, value);
}

static inline CURLcode ccurl_set_offset(CURL *curl, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(curl, option, value);
}

/* A string, a list or a pointer for a callback. */
static inline CURLcode ccurl_set_pointer(CURL *curl, CURLoption option, const void *value) {
    return curl_easy_setopt(curl, option, value);
}

static inline CURLcode ccurl_set_receiver(CURL *curl, CURLoption option, curl_write_callback function) {
    return curl_easy_setopt(curl, option, function);
}

static inline CURLcode ccurl_set_prerequest(CURL *curl, curl_prereq_callback function) {
    return curl_easy_setopt(curl, CURLOPT_PREREQFUNCTION, function);
}

/* http and https, and nothing else that libcurl can do. */
static inline CURLcode ccurl_allow_http_only(CURL *curl) {
#if LIBCURL_VERSION_NUM >= 0x075500
    return curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    return curl_easy_setopt(curl, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

/* A name that is still being resolved holds up no other transfer when its own has ended. */
static inline CURLcode ccurl_leave_resolver_behind(CURL *curl) {
#if LIBCURL_VERSION_NUM >= 0x075700
    return curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
#else
    return CURLE_OK;
#endif
}

static inline CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

/* The error number of the operating system, 0 if there was none. */
static inline long ccurl_os_error(CURL *curl) {
    long value = 0;
    curl_easy_getinfo(curl, CURLINFO_OS_ERRNO, &value);
    return value;
}

static inline CURLcode ccurl_result(const CURLMsg *message) {
    return message->data.result;
}

#endif
