import Testing

@testable import Status

/// What is asked for, by address and Accept.
@Suite struct StatusRouteTests {
    @Test(
        arguments: [
            ("/status", nil, .status(.text, full: false)), ("/status", "*/*", .status(.text, full: false)),
            ("/status", "text/html,application/xhtml+xml,*/*;q=0.8", .status(.html, full: false)),
            ("/status", "application/json", .status(.json, full: false)),
            ("/status", "application/json, text/html", .status(.json, full: false)),
            ("/status?json", "text/html", .status(.json, full: false)), ("/status?json&full", nil, .status(.json, full: true)),
            ("/status?full", nil, .status(.text, full: true)), ("/status?full=1&html", nil, .status(.html, full: true)),
            ("/status?text", "text/html", .status(.text, full: false)), ("/status?openmetrics", nil, .metrics), ("/metrics", nil, .metrics),
            ("/metrics?x", "text/html", .metrics), ("/health/started", nil, .started), ("/health/ready", nil, .ready),
            ("/health/live", nil, .live), ("/", nil, .nothing), ("/status/", nil, .nothing), ("/health", nil, .nothing),
            ("", nil, .nothing),
        ] as [(String, String?, StatusRoute)])
    func `an address with what is accepted is a route`(target: String, accept: String?, route: StatusRoute) {
        #expect(StatusRoute(target: target, accept: accept) == route)
    }
}
