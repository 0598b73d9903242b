import CoreMetrics
import HTTPTypes

/// Measures how long requests take, by the class of their answer.
struct RequestMeter: Sendable {
    /// The name of the timer, with the dimension `status`: `2xx` and so on.
    static let name = "krea_fcgi_request_seconds"

    private let timers: [Timer]

    init(_ factory: any MetricsFactory) {
        timers = (1...5).map { Timer(label: Self.name, dimensions: [("status", "\($0)xx")], factory: factory) }
    }

    func record(_ status: HTTPResponse.Status, _ time: Duration) {
        guard timers.indices.contains(status.code / 100 - 1) else { return }
        timers[status.code / 100 - 1].recordNanoseconds(
            time.components.seconds * 1_000_000_000 + time.components.attoseconds / 1_000_000_000)
    }
}
