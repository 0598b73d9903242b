// The operator's view: a small HTTP server that reports the state of the service, even while every worker is busy.
//
// It serves the status for people, programs and Prometheus, three health checks, and the metrics that other modules measure through
// swift-metrics. It runs on its own thread, which never blocks: anything that may block runs on another thread, for a bounded time.
//
// This module must not know FastCGI, the pages, or the form of the store: it gets values and closures. It changes nothing, except for the small
// write that proves that the store is writable.
//
// A new figure is a member of `ServiceStatus`, a line in `StatusLines` and a family in `StatusMetrics`; a new address is a case of
// `StatusRoute`.
