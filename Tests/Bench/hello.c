/* The classic responder of libfcgi: each thread accepts, answers the same bytes and accepts again.
 * usage: hello SOCKET THREADS FILE-WITH-THE-BODY */
#include <fcgiapp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static int listening;
static char body[65536];
static size_t length;

static void *work(void *unused)
{
    (void)unused;
    FCGX_Request request;
    FCGX_InitRequest(&request, listening, 0);
    while (FCGX_Accept_r(&request) >= 0) {
        FCGX_FPrintF(request.out, "Status: 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", (int)length);
        FCGX_PutStr(body, (int)length, request.out);
        FCGX_Finish_r(&request);
    }
    return NULL;
}

int main(int count, char **arguments)
{
    if (count != 4) return 2;
    FILE *file = fopen(arguments[3], "rb");
    if (!file) return 1;
    length = fread(body, 1, sizeof body, file);
    fclose(file);
    FCGX_Init();
    listening = FCGX_OpenSocket(arguments[1], 4096);
    chmod(arguments[1], 0666);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 256 * 1024);
    int threads = atoi(arguments[2]);
    pthread_t last;
    for (int index = 0; index < threads; index++) pthread_create(&last, &attributes, work, NULL);
    pthread_join(last, NULL);
    return 0;
}
