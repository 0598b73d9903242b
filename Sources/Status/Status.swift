// What operators watch: a small HTTP server of its own that says how the service is, also when every worker is busy.
//
// What it is for: the status for people, programs and Prometheus, the three answers about health, and the metrics that the other modules
// measure through swift-metrics. It answers on a thread of its own and asks for nothing there that could block; what may block is asked
// for on other threads, and not waited for longer than a moment.
//
// It must not know FastCGI, the pages, or how the store keeps things: it is given values and closures. It changes nothing but for the
// proof that the store can be written.
//
// Where the next thing goes: a new figure is a member of `ServiceStatus`, a line in `StatusLines` and a family in `StatusMetrics`; a new
// address is a case of `StatusRoute`.
