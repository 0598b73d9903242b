/// The transport: answers FastCGI requests of role RESPONDER on one listening socket, on threads of its own, through libfcgi.
///
/// What it is for: sockets in, `HTTPRequest` and body to a ``Responder``, `HTTPResponse` and body back to the web server; starting
/// and stopping without losing a request. It must not know what is served: no routes, no pages (a ``ProblemPage`` says how its own
/// errors look), no store, no configuration.
///
/// How it works: libfcgi never accepts a connection and never waits for one. One epoll set (``ReadyQueue``) holds the listening
/// socket and every connection that waits, for a request or the rest of one, for its reader, or for news (``OutgoingAnswer``), so that waiting
/// costs no thread. A worker takes what is ready, lets libfcgi read one request from it, sends as much of the answer as goes out at once, and
/// gives the connection back to the set. As few workers as needed wait for the set (``Leadership``).
///
/// What it takes for granted: every peer that can connect is trusted (libfcgi does not survive hostile records), so it listens on Unix
/// sockets and loopback addresses only, and starts the next request of a kept connection only after the last one has ended.
///
/// The specification is "FastCGI Specification 1.0"; sections are named where a rule comes from them.
enum FastCGI {}
