public import CoreMetrics
import Jobs
import KreaAPI

/// Measures the calls to Krea.
public struct CallMeter: Sendable {
    /// The name of the timer of all calls, with the dimensions `kind` and `outcome`.
    public static let calls = "krea_fcgi_krea_call_seconds"
    /// The name of the counter of calls that brought an error, with the dimensions `kind` and `error`.
    public static let errors = "krea_fcgi_krea_errors"

    private let factory: any MetricsFactory

    /// Measures with this factory.
    public init(_ factory: any MetricsFactory) {
        self.factory = factory
    }

    /// A call has ended after `time`.
    func record(_ kind: Call.Kind, _ outcome: CallOutcome, _ error: KreaError?, after time: Duration) {
        Timer(label: Self.calls, dimensions: [("kind", kind.rawValue), ("outcome", outcome.rawValue)], factory: factory)
            .recordNanoseconds(time.components.seconds * 1_000_000_000 + time.components.attoseconds / 1_000_000_000)
        guard let error else { return }
        Counter(label: Self.errors, dimensions: [("kind", kind.rawValue), ("error", error.word)], factory: factory).increment()
    }
}

extension Clock<Duration> {
    /// Tells how much time has passed since this was called.
    func stopwatch() -> @Sendable () -> Duration {
        let start = now
        return { start.duration(to: self.now) }
    }
}
